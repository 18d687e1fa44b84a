INSERT INTO caretaker.index_rebuild (target, schema_name, index_name, rebuilt, run_id, bytes_before, bytes_after)
VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (target, schema_name, index_name) DO UPDATE
SET rebuilt = excluded.rebuilt, run_id = excluded.run_id,
    bytes_before = excluded.bytes_before, bytes_after = excluded.bytes_after
