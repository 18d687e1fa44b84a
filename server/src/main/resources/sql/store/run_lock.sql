SELECT * FROM caretaker.run WHERE run_id = ? FOR NO KEY UPDATE
