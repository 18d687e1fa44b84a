UPDATE caretaker.run_step SET started = COALESCE(started, ?) WHERE run_id = ? AND ordinal = ? AND epoch = ?
