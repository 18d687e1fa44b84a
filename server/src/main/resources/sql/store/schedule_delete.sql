DELETE FROM caretaker.schedule WHERE name = ?
