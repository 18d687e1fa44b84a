INSERT INTO caretaker.run_event (run_id, sequence, at, progress, body) VALUES (?, ?, ?, ?, ?)
