UPDATE caretaker.schedule_line SET claimed_by = NULL WHERE schedule = ? AND target = ? AND claimed_by = ?
