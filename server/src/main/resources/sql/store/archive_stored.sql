-- What is there may be larger or smaller than what lay in the spool.
UPDATE caretaker.archive
SET state = 'STORED', stored = ?, manifest_sha256 = ?, problem = '', verified = ?, verified_level = ?, checked = ?,
    bytes = (SELECT sum(COALESCE(stored_bytes, bytes)) FROM caretaker.archive_part WHERE archive_id = ?)
WHERE archive_id = ? AND state = 'SEALED'
