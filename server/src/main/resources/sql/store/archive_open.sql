INSERT INTO caretaker.archive
    (archive_id, target, schema_name, table_name, policy, run_id, destination, location, request, state, opener, created)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'OPEN', ?, ?)
ON CONFLICT (archive_id) DO UPDATE SET opener = excluded.opener
RETURNING *
