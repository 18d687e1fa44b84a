UPDATE caretaker.schedule_line SET pause = NULL, failures = 0, due = clock_timestamp() WHERE schedule = ?
