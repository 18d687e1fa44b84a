SELECT sequence, at, body FROM caretaker.run_event WHERE run_id = ? AND sequence >= ? ORDER BY sequence LIMIT ?
