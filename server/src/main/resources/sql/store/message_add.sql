-- A message that tells of several events: the rules have been asked about these.
INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, channel, occurred, routed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp(), clock_timestamp())
ON CONFLICT (notification_id) DO NOTHING
