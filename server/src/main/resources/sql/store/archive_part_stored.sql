UPDATE caretaker.archive_part SET state = 'STORED', sha256 = ?, stored_bytes = ? WHERE archive_id = ? AND part = ?
