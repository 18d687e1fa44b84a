INSERT INTO caretaker.hold (hold_id, target, kinds, reason, set_by, since, until, pause_running)
VALUES (?, ?, CAST(? AS text[]), ?, ?, clock_timestamp(), ?, ?)
ON CONFLICT (hold_id) DO NOTHING
