UPDATE caretaker.archive_part SET state = 'STORED', sha256 = ? WHERE archive_id = ? AND part = ?
