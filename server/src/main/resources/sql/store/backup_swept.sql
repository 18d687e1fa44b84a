UPDATE caretaker.backup
   SET swept = true, problem = CASE state WHEN 'DELETED' THEN '' ELSE problem END
 WHERE backup_id = ?
