-- Deliveries that were given up, or wait for a channel that is stopped, of what concerns a target.
SELECT d.channel, count(*) AS count, min(n.occurred) AS since, max(d.changed) AS latest,
       coalesce(max(s.reason) || ', and the channel is stopped',
                (array_agg(d.error ORDER BY d.changed DESC) FILTER (WHERE d.state = 'DEAD'))[1]) AS error
  FROM caretaker.delivery d
  JOIN caretaker.notification n USING (notification_id)
  LEFT JOIN caretaker.channel_stop s ON s.channel = d.channel
 WHERE (d.state = 'DEAD' OR d.state = 'PENDING' AND s.channel IS NOT NULL)
   AND n.target = ?
 GROUP BY d.channel
 ORDER BY d.channel
