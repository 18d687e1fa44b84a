DELETE FROM caretaker.request
WHERE created < now() - interval '7 days'
