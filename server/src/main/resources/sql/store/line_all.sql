SELECT * FROM caretaker.schedule_line ORDER BY schedule, target
