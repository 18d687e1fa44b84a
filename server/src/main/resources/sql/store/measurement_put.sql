INSERT INTO caretaker.measurement AS m (target, measure, name, value, taken) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (target, measure, name) DO UPDATE SET value = excluded.value, taken = excluded.taken
 WHERE m.taken <= excluded.taken
