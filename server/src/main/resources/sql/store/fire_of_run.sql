SELECT * FROM caretaker.fire WHERE schedule = ? AND target = ? AND run_id = ? ORDER BY nominal DESC LIMIT 1
