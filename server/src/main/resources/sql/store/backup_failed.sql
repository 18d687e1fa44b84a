UPDATE caretaker.backup SET state = 'FAILED', problem = ? WHERE backup_id = ? AND state = 'OPEN'
