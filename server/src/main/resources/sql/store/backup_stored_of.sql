SELECT * FROM caretaker.backup WHERE target = ? AND state = 'STORED' ORDER BY snapshot DESC, backup_id DESC
