INSERT INTO caretaker.plan (plan_id, target, content, created, expires) VALUES (?, ?, ?, ?, ?)
