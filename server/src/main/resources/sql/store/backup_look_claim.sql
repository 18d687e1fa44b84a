-- One server moves the due time, and looks. One whose first look has told nothing yet is looked at by whoever asks: the server that began it
-- may be gone.
UPDATE caretaker.backup_look
   SET due = clock_timestamp() + ? * interval '1 millisecond'
 WHERE target = ? AND tool = ? AND name = ?
   AND (due <= clock_timestamp() OR coalesce(looked, failing, '-infinity') <= clock_timestamp() - ? * interval '1 millisecond')
