-- Parts behind a mark: nothing in them counts.
DELETE FROM caretaker.archive_part WHERE archive_id = ? AND part > ?
