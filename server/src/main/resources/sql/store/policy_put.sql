INSERT INTO caretaker.policy (name, target, content, etag, updated, updated_by)
VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE
   SET target = excluded.target, content = excluded.content, etag = excluded.etag,
       updated = excluded.updated, updated_by = excluded.updated_by
