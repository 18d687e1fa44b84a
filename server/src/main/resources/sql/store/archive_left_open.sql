-- Archives into which rows would still come, of runs that have ended.
SELECT a.*
  FROM caretaker.archive a
  JOIN caretaker.run r ON r.run_id = a.run_id
 WHERE a.state = 'OPEN' AND r.state = 'ENDED'
 ORDER BY a.created
 LIMIT ?
