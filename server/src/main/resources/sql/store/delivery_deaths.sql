-- Deliveries that were given up, of what concerns a target or all.
SELECT d.channel, count(*) AS count, min(n.occurred) AS since, max(d.changed) AS latest,
       (array_agg(d.error ORDER BY d.changed DESC))[1] AS error
  FROM caretaker.delivery d JOIN caretaker.notification n USING (notification_id)
 WHERE d.state = 'DEAD' AND n.target IN (?, '')
 GROUP BY d.channel
 ORDER BY d.channel
