DELETE FROM caretaker.calendar WHERE name = ?
