-- A nominal time came to nothing because the run before was still going.
UPDATE caretaker.schedule_line
   SET overlaps = overlaps + 1, overlapping = coalesce(overlapping, ?)
 WHERE schedule = ? AND target = ?
