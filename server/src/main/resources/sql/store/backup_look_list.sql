SELECT * FROM caretaker.backup_look WHERE target = ? ORDER BY tool, name
