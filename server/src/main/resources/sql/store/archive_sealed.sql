SELECT * FROM caretaker.archive WHERE state = 'SEALED' ORDER BY sealed LIMIT ?
