SELECT * FROM caretaker.schedule WHERE name = ?
