INSERT INTO caretaker.index_leftover (target, table_oid, index_oid) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
