-- A nominal time came to nothing because the run before was still going.
UPDATE caretaker.schedule_line
   SET skipped = skipped + 1, skipped_since = coalesce(skipped_since, ?)
 WHERE schedule = ? AND target = ?
