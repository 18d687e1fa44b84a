INSERT INTO caretaker.restored_rows (run_id, target, schema_name, table_name, archive_id, from_time, held_until)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
