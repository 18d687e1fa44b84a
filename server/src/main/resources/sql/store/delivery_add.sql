INSERT INTO caretaker.delivery (notification_id, channel, state, attempts, due, error, changed)
VALUES (?, ?, 'PENDING', 0, clock_timestamp(), '', clock_timestamp())
ON CONFLICT (notification_id, channel) DO NOTHING
