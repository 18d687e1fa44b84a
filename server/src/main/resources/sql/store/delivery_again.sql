-- One that is being attempted goes on.
UPDATE caretaker.delivery
   SET state = 'PENDING', attempts = 0, due = clock_timestamp(), error = '', changed = clock_timestamp()
 WHERE notification_id = ? AND channel = coalesce(?, channel) AND state <> 'PENDING'
