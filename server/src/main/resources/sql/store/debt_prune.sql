DELETE FROM caretaker.debt WHERE settled < ?
