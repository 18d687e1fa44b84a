-- Does nothing if the lease was lost.
UPDATE caretaker.delivery
   SET state = ?, error = ?, due = clock_timestamp() + ? * interval '1 millisecond', changed = clock_timestamp(),
       lease = NULL, leased_until = NULL
 WHERE notification_id = ? AND channel = ? AND lease = ?
