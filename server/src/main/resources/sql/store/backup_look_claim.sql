-- One server moves the due time, and looks.
UPDATE caretaker.backup_look
   SET due = clock_timestamp() + ? * interval '1 millisecond'
 WHERE target = ? AND tool = ? AND name = ?
   AND (due <= clock_timestamp() OR coalesce(looked, failing) <= clock_timestamp() - ? * interval '1 millisecond')
