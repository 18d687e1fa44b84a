SELECT * FROM caretaker.run WHERE run_id = ?
