UPDATE caretaker.request
SET state = 'DONE', answer = ?
WHERE request_id = ? AND attempt = ? AND state = 'STARTED'
