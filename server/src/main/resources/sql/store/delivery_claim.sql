-- Deliveries that are due and that nobody attempts, for one attempt. Whoever dies in it loses the lease in time. What only
-- newer servers know is theirs. At a channel that is stopped only tests are attempted.
UPDATE caretaker.delivery d
   SET lease = ?, leased_until = clock_timestamp() + ? * interval '1 millisecond', attempts = d.attempts + 1
  FROM (SELECT w.notification_id, w.channel
          FROM caretaker.delivery w JOIN caretaker.notification k USING (notification_id)
         WHERE w.channel = ? AND w.state = 'PENDING' AND w.due <= clock_timestamp()
           AND (w.leased_until IS NULL OR w.leased_until <= clock_timestamp())
           AND k.type = ANY (?)
           AND (k.type = 'channel.test' OR NOT EXISTS (SELECT FROM caretaker.channel_stop s WHERE s.channel = w.channel))
         ORDER BY w.due
         LIMIT ?
           FOR UPDATE OF w SKIP LOCKED) AS free
  JOIN caretaker.notification n USING (notification_id)
 WHERE d.notification_id = free.notification_id AND d.channel = free.channel
RETURNING n.notification_id, n.type, n.severity, n.target, n.topic, n.summary, n.data, n.resolves, n.occurred,
          d.channel, d.state, d.attempts, d.due, d.lease, d.error, d.changed
