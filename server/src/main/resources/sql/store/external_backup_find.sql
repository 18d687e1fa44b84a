SELECT * FROM caretaker.external_backup WHERE target = ? AND source = ? AND reference = ?
