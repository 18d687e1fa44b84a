UPDATE caretaker.request
SET state = 'FAILED'
WHERE request_id = ? AND attempt = ? AND state = 'STARTED'
