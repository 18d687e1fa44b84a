UPDATE caretaker.run SET server = '', state_reason = ? WHERE run_id = ? AND epoch = ?
