UPDATE caretaker.backup SET pinned_by = ?, pin_reason = ? WHERE backup_id = ? AND state = 'STORED'
