UPDATE caretaker.request
SET state = 'STARTED', attempt = ?, alive = now()
WHERE request_id = ?
