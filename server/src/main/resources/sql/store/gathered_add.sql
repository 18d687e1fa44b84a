INSERT INTO caretaker.gathered (notification_id, channel, rule, digest, group_key, due)
VALUES (?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
ON CONFLICT (notification_id, channel, rule) DO NOTHING
