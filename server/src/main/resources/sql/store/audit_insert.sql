INSERT INTO caretaker.audit (actor, verified, method, request_id, attempt, target, summary, outcome, reason, message)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
