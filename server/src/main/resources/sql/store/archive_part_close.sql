-- One that was carried already keeps its state; it must be the same then.
UPDATE caretaker.archive_part
SET state = CASE WHEN sha256 <> '' THEN 'STORED' ELSE 'CLOSED' END,
    bytes = ?, raw_bytes = ?, row_count = ?, row_hash = ?, first_time = ?, last_time = ?
WHERE archive_id = ? AND part = ? AND file = ? AND (state <> 'STORED' OR bytes = ? AND row_count = ?)
