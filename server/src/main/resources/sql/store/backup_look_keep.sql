UPDATE caretaker.backup_look
   SET looked = clock_timestamp(), content = CAST(? AS jsonb), failing = NULL, error = ''
 WHERE target = ? AND tool = ? AND name = ?
