UPDATE caretaker.run_step SET started = COALESCE(started, ?), lineage = ? WHERE run_id = ? AND ordinal = ? AND epoch = ?
