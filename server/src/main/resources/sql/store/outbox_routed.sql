UPDATE caretaker.notification SET routed = clock_timestamp() WHERE notification_id = ?
