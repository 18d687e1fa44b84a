SELECT * FROM caretaker.run_step WHERE run_id = ANY (CAST(? AS uuid[])) ORDER BY run_id, ordinal
