-- It is at the destination, although nobody knows yet whether its batch is committed.
UPDATE caretaker.archive_part SET sha256 = ?, stored_bytes = ? WHERE archive_id = ? AND part = ? AND file = ? AND state = 'OPEN'
