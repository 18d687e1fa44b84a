-- What was reckoned by other rules of time zones is looked at now; so is what a server has settled since that tells of no rules.
UPDATE caretaker.schedule_line SET due = clock_timestamp() WHERE zone_rules IS DISTINCT FROM ? OR nominal <= settled
