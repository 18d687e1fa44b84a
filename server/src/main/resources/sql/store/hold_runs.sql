-- Runs that go on and that a hold of these targets and kinds pauses.
SELECT run_id
  FROM caretaker.run
 WHERE ended IS NULL AND desired = 'RUNNING'
   AND target = coalesce(CAST(? AS text), target)
   AND kind = ANY (CAST(? AS text[]))
 ORDER BY created, run_id
