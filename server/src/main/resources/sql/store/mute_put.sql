INSERT INTO caretaker.finding_mute (target, finding_id, reason, expires, created_by, created)
VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (target, finding_id) DO UPDATE SET
    reason = excluded.reason, expires = excluded.expires, created_by = excluded.created_by, created = excluded.created
