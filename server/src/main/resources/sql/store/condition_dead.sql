-- Channels at which something was given up that somebody was to be told; whoever tries a channel sees by himself what became of it.
SELECT d.channel, min(d.changed) AS since
  FROM caretaker.delivery d JOIN caretaker.notification n USING (notification_id)
 WHERE d.state = 'DEAD' AND n.type <> 'channel.test'
 GROUP BY d.channel
 ORDER BY d.channel
