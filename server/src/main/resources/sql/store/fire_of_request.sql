SELECT * FROM caretaker.fire WHERE schedule = ? AND trigger ->> 'request' = ? ORDER BY target
