-- Whoever comes first looks.
INSERT INTO caretaker.target_contact AS c (target, looked) VALUES (?, clock_timestamp())
ON CONFLICT (target) DO UPDATE SET looked = excluded.looked
 WHERE c.looked < clock_timestamp() - ? * interval '1 millisecond'
