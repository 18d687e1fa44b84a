UPDATE caretaker.schedule_line
   SET run_id = ?, settled = greatest(settled, coalesce(CAST(? AS timestamptz), settled))
 WHERE schedule = ? AND target = ?
