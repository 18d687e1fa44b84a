-- Archives into which rows still come, with full parts in a spool.
SELECT a.*
FROM caretaker.archive a
WHERE a.state = 'OPEN'
  AND EXISTS (SELECT FROM caretaker.archive_part p
              WHERE p.archive_id = a.archive_id AND p.spool_id = ? AND p.state = 'CLOSED')
ORDER BY a.created
LIMIT ?
