SELECT run_id
  FROM caretaker.run
 WHERE ended IS NULL
   AND target = ?
   AND kind = 'BACKUP'
   AND state IN ('RUNNING', 'THROTTLED', 'CANCELLING')
 ORDER BY started
 LIMIT 1
