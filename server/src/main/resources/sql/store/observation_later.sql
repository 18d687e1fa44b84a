UPDATE caretaker.run_observation SET content = content || CAST(? AS jsonb), due = NULL, leased_until = NULL WHERE run_id = ?
