SELECT method, fingerprint, state, acted, answer, alive < now() - interval '30 seconds' AS silent
FROM caretaker.request
WHERE request_id = ?
FOR UPDATE
