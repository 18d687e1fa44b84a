-- What lies in a spool and could be carried.
SELECT COALESCE(sum(bytes), 0) AS bytes FROM caretaker.archive_part WHERE spool_id = ? AND state = 'CLOSED'
