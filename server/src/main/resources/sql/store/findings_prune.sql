DELETE FROM caretaker.finding WHERE gone < ?
