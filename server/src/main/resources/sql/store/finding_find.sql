SELECT * FROM caretaker.finding WHERE target = ? AND finding_id = ?
