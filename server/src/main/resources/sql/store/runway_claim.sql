-- Whoever comes first looks.
INSERT INTO caretaker.runway_look AS l (target, looked) VALUES (?, clock_timestamp())
ON CONFLICT (target) DO UPDATE SET looked = excluded.looked
 WHERE l.looked = ?
