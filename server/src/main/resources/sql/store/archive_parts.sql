SELECT * FROM caretaker.archive_part WHERE archive_id = ? ORDER BY part
