INSERT INTO caretaker.browser_key (secret)
VALUES (?)
ON CONFLICT DO NOTHING
