-- What was reckoned by other rules of time zones is looked at now.
UPDATE caretaker.schedule_line SET due = clock_timestamp() WHERE zone_rules IS DISTINCT FROM ?
