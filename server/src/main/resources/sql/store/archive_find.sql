SELECT * FROM caretaker.archive WHERE archive_id = ?
