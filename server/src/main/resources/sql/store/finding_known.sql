-- What the clock finds is no detection.
SELECT EXISTS (SELECT FROM caretaker.finding WHERE target = ? AND check_id <> 'schedule-overdue') AS known
