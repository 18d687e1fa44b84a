UPDATE caretaker.request
SET acted = true, alive = now()
WHERE request_id = ? AND attempt = ? AND state = 'STARTED'
