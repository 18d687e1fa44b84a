SELECT channel, rule, message_id
  FROM caretaker.gathered
 WHERE notification_id = ? AND message_id IS DISTINCT FROM notification_id
 ORDER BY channel, rule
