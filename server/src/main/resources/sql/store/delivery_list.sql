SELECT n.notification_id, n.type, n.severity, n.target, n.topic, n.summary, n.data, n.resolves, n.occurred,
       d.channel, d.state, d.attempts, d.due, d.lease, d.error, d.changed
  FROM caretaker.delivery d JOIN caretaker.notification n USING (notification_id)
 WHERE d.channel = coalesce(CAST(? AS text), d.channel) AND n.target = coalesce(CAST(? AS text), n.target)
   AND d.state = coalesce(CAST(? AS text), d.state)
   AND n.notification_id = coalesce(CAST(? AS uuid), n.notification_id)
   AND (n.occurred, n.notification_id, d.channel) < (coalesce(CAST(? AS timestamptz), 'infinity'),
                                                     coalesce(CAST(? AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'),
                                                     coalesce(CAST(? AS text), ''))
 ORDER BY n.occurred DESC, n.notification_id DESC, d.channel DESC
 LIMIT ?
