-- Deliveries that are due and that nobody attempts, for one attempt. Whoever dies in it loses the lease in time.
UPDATE caretaker.delivery d
   SET lease = ?, leased_until = clock_timestamp() + ? * interval '1 millisecond', attempts = d.attempts + 1
  FROM (SELECT notification_id, channel
          FROM caretaker.delivery
         WHERE channel = ? AND state = 'PENDING' AND due <= clock_timestamp()
           AND (leased_until IS NULL OR leased_until <= clock_timestamp())
         ORDER BY due
         LIMIT ?
           FOR UPDATE SKIP LOCKED) AS free
  JOIN caretaker.notification n USING (notification_id)
 WHERE d.notification_id = free.notification_id AND d.channel = free.channel
RETURNING n.notification_id, n.type, n.severity, n.target, n.topic, n.summary, n.data, n.resolves, n.occurred,
          d.channel, d.state, d.attempts, d.due, d.lease, d.error, d.changed
