DELETE FROM caretaker.policy WHERE name = ?
