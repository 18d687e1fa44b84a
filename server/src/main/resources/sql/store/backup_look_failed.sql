UPDATE caretaker.backup_look
   SET failing = coalesce(failing, clock_timestamp()), error = ?
 WHERE target = ? AND tool = ? AND name = ?
