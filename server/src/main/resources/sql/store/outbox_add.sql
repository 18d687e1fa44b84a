INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, resolves, channel, reminder,
                                    occurred)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, clock_timestamp())
ON CONFLICT (notification_id) DO NOTHING
