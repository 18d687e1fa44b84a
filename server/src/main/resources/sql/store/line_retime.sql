-- It is due at other times from now on.
UPDATE caretaker.schedule_line
   SET settled = ?, due = clock_timestamp(), nominal = NULL, zone_offset = NULL, zone_at = NULL
 WHERE schedule = ?
