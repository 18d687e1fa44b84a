-- What was settled by other rules of its time zone.
UPDATE caretaker.schedule_line SET settled = ? WHERE schedule = ? AND target = ? AND settled = ?
