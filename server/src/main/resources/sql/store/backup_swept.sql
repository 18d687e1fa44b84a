UPDATE caretaker.backup SET swept = true WHERE backup_id = ?
