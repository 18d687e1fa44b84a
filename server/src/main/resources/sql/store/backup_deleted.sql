UPDATE caretaker.backup SET state = 'DELETED', deleted = ?, deleted_by = ? WHERE backup_id = ? AND state IN ('STORED', 'FAILED')
