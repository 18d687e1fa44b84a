-- Runs that go on and that a hold of these targets and kinds pauses, once they have no step any more of the kinds that go on.
SELECT r.run_id
  FROM caretaker.run r
 WHERE r.ended IS NULL AND r.desired = 'RUNNING'
   AND r.target = coalesce(CAST(? AS text), r.target)
   AND r.kind = ANY (CAST(? AS text[]))
   AND NOT EXISTS (
       SELECT FROM caretaker.run_step s
        WHERE s.run_id = r.run_id AND s.outcome IS NULL AND s.kind = ANY (CAST(? AS text[])))
 ORDER BY r.created, r.run_id
