SELECT *, COALESCE(stored_bytes, bytes) AS object_bytes FROM caretaker.archive_part WHERE spool_id = ? AND state <> 'STORED' ORDER BY archive_id, part
