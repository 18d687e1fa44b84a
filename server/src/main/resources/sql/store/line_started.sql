UPDATE caretaker.schedule_line
   SET run_id = ?, settled = greatest(settled, coalesce(CAST(? AS timestamptz), settled)), skipped = 0, skipped_since = NULL
 WHERE schedule = ? AND target = ?
