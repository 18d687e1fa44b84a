-- It waits for its channel, which is stopped: the attempt is none. Does nothing if the lease was lost.
UPDATE caretaker.delivery
   SET attempts = greatest(attempts - 1, 0), error = ?, changed = clock_timestamp(), lease = NULL, leased_until = NULL
 WHERE notification_id = ? AND channel = ? AND lease = ?
