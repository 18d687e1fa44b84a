-- Schedules that came to nothing at so many nominal times in a row because the run before was still going, and is.
SELECT l.schedule, l.target, l.skipped, l.skipped_since AS since, r.run_id, r.created AS began, r.state
  FROM caretaker.schedule_line l
  JOIN caretaker.run r ON r.run_id = l.run_id AND r.ended IS NULL
 WHERE l.skipped >= ?
 ORDER BY l.schedule, l.target
