-- It is at the destination, although nobody knows yet whether its batch is committed.
UPDATE caretaker.archive_part SET sha256 = ? WHERE archive_id = ? AND part = ? AND file = ? AND state = 'OPEN'
