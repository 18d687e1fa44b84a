-- Each of them is a message of its own.
INSERT INTO caretaker.delivery (notification_id, channel, state, attempts, due, error, changed)
SELECT notification_id, channel, 'PENDING', 0, clock_timestamp(), '', clock_timestamp()
  FROM caretaker.gathered
 WHERE message_id IS NULL AND NOT digest AND channel = ? AND rule = ? AND group_key = ?
ON CONFLICT (notification_id, channel) DO NOTHING
