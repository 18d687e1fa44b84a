SELECT content, due FROM caretaker.run_observation WHERE run_id = ?
