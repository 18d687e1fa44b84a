SELECT * FROM caretaker.archive_part WHERE spool_id = ? AND state <> 'STORED' ORDER BY archive_id, part
