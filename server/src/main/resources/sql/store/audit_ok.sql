UPDATE caretaker.audit
SET outcome = 'OK', target = coalesce(?::jsonb ->> 'target', target), summary = summary || ?::jsonb
WHERE attempt = ?
