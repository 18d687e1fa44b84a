UPDATE caretaker.run_observation SET due = clock_timestamp() + ? * interval '1 millisecond', leased_until = NULL WHERE run_id = ?
