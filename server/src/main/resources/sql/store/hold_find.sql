SELECT * FROM caretaker.hold WHERE hold_id = ?
