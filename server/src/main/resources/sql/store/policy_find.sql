SELECT * FROM caretaker.policy WHERE name = ?
