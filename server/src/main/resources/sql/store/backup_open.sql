INSERT INTO caretaker.backup (backup_id, target, engine, destination, location, request, whole, state, actor, created)
VALUES (?, ?, ?, ?, ?, ?, ?, 'OPEN', ?, ?)
ON CONFLICT (backup_id) DO NOTHING
