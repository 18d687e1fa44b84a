SELECT * FROM caretaker.calendar ORDER BY name
