UPDATE caretaker.audit
SET outcome = 'REFUSED', reason = ?, message = ?
WHERE attempt = ?
