INSERT INTO caretaker.request (request_id, method, fingerprint, actor, state, attempt)
VALUES (?, ?, ?, ?, 'STARTED', ?)
ON CONFLICT (request_id) DO NOTHING
