SELECT * FROM caretaker.archive WHERE state = 'OPEN' ORDER BY created LIMIT ?
