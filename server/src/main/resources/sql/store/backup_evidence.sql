UPDATE caretaker.backup SET evidence = ?, verified = CASE WHEN ? THEN ? ELSE verified END WHERE backup_id = ?
