-- Unless somebody wants it looked at meanwhile.
UPDATE caretaker.schedule_line SET due = ? WHERE schedule = ? AND target = ? AND due IS NOT DISTINCT FROM ?
