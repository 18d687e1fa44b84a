UPDATE caretaker.request
SET alive = now()
WHERE request_id = ANY (?::uuid[]) AND attempt = ANY (?::uuid[]) AND state = 'STARTED'
