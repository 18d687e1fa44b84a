SELECT name FROM caretaker.schedule
