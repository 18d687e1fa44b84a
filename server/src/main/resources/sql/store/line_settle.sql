UPDATE caretaker.schedule_line SET settled = greatest(settled, ?) WHERE schedule = ? AND target = ?
