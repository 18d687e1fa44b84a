SELECT * FROM caretaker.backup WHERE backup_id = ?
