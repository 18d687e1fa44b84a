SELECT * FROM caretaker.run_step WHERE run_id = ? AND ordinal = ?
