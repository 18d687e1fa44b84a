-- A nominal time came to something else, and no run is in the way any more.
UPDATE caretaker.schedule_line
   SET skipped = 0, skipped_since = NULL
 WHERE schedule = ? AND target = ? AND skipped > 0 AND run_id IS NULL
