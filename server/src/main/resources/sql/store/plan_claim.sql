-- Whoever changes the row may execute the plan.
UPDATE caretaker.plan SET claimed = ? WHERE plan_id = ? AND claimed IS NULL
