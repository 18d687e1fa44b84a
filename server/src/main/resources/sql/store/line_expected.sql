UPDATE caretaker.schedule_line SET overdue = NULL, overdue_told = NULL
 WHERE schedule = ? AND target = ? AND overdue IS NOT NULL
