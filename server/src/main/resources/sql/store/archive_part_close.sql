UPDATE caretaker.archive_part
SET state = 'CLOSED', bytes = ?, raw_bytes = ?, row_count = ?, row_hash = ?, first_time = ?, last_time = ?
WHERE archive_id = ? AND part = ? AND file = ? AND state <> 'STORED'
