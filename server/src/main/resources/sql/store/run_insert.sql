INSERT INTO caretaker.run (run_id, kind, target, state, state_since, desired, plan_id, parent_run_id, created_by, created,
                           time_left_ms, deadline, run_window, row_limits, needed_backups, tuning, traceparent, last_sequence)
VALUES (?, ?, ?, 'QUEUED', ?, 'RUNNING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
