UPDATE caretaker.schedule_line
   SET run_id = ?, settled = greatest(settled, coalesce(CAST(? AS timestamptz), settled)), overlaps = 0, overlapping = NULL
 WHERE schedule = ? AND target = ?
