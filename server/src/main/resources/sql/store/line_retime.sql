-- It is due at other times from now on.
UPDATE caretaker.schedule_line SET settled = clock_timestamp(), due = clock_timestamp() WHERE schedule = ?
