INSERT INTO caretaker.run_observation (run_id, target, content) VALUES (?, ?, CAST(? AS jsonb))
ON CONFLICT (run_id) DO UPDATE SET content = excluded.content
