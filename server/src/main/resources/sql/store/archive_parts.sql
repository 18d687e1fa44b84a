SELECT *, COALESCE(stored_bytes, bytes) AS object_bytes FROM caretaker.archive_part WHERE archive_id = ? ORDER BY part
