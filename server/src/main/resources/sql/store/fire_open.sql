SELECT * FROM caretaker.fire WHERE schedule = ? AND target = ? AND retry_at IS NOT NULL ORDER BY nominal
