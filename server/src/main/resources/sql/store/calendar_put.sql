INSERT INTO caretaker.calendar (name, content, updated, updated_by) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET content = excluded.content, updated = excluded.updated, updated_by = excluded.updated_by
