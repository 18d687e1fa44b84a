SELECT * FROM caretaker.notification WHERE notification_id = ?
