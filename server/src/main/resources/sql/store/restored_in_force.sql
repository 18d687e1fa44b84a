SELECT * FROM caretaker.restored_rows WHERE target = ? AND held_until > ? ORDER BY held_until DESC
