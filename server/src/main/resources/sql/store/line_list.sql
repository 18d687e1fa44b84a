SELECT * FROM caretaker.schedule_line WHERE schedule = ANY (CAST(? AS text[])) ORDER BY schedule, target
