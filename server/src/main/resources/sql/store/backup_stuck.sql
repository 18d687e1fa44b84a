UPDATE caretaker.backup SET problem = ? WHERE backup_id = ? AND state = 'DELETED' AND NOT swept
