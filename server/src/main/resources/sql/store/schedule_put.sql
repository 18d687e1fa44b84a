INSERT INTO caretaker.schedule (name, content, etag, updated, updated_by) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE
SET content = excluded.content, etag = excluded.etag, updated = excluded.updated, updated_by = excluded.updated_by
