UPDATE caretaker.schedule_line
   SET due = clock_timestamp()
 WHERE schedule = ? AND target = coalesce(CAST(? AS text), target)
