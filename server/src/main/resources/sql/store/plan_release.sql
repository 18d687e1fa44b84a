-- Execution failed before there was a run.
UPDATE caretaker.plan p
   SET claimed = NULL
 WHERE plan_id = ?
   AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.plan_id = p.plan_id)
