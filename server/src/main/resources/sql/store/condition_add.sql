INSERT INTO caretaker.condition (event, topic, target, severity, summary, over, data, since, told)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp())
ON CONFLICT DO NOTHING
