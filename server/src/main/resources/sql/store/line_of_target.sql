SELECT * FROM caretaker.schedule_line WHERE target = ? ORDER BY schedule
