-- A nominal time came to something else, and no run is in the way any more.
UPDATE caretaker.schedule_line
   SET overlaps = 0, overlapping = NULL
 WHERE schedule = ? AND target = ? AND overlaps > 0 AND run_id IS NULL
