SELECT * FROM caretaker.notification WHERE routed IS NULL ORDER BY occurred, notification_id LIMIT ?
