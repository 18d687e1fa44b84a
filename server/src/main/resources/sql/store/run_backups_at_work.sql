SELECT run_id, target
  FROM caretaker.run
 WHERE ended IS NULL
   AND kind = 'BACKUP'
   AND state IN ('RUNNING', 'THROTTLED', 'CANCELLING')
 ORDER BY started
