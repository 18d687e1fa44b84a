UPDATE caretaker.archive
SET state = 'STORED', stored = ?, manifest_sha256 = ?, problem = '', verified = ?, verified_level = ?, checked = ?
WHERE archive_id = ? AND state = 'SEALED'
