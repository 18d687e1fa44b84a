SELECT n.type, n.severity, n.resolves IS NOT NULL AS ended, n.target, count(*) AS events
  FROM caretaker.gathered g JOIN caretaker.notification n USING (notification_id)
 WHERE g.message_id IS NULL AND g.digest = ? AND g.channel = ? AND g.rule = ? AND g.group_key = coalesce(?, g.group_key)
   AND n.occurred < coalesce(CAST(? AS timestamptz), 'infinity')
 GROUP BY n.type, n.severity, ended, n.target
 ORDER BY n.type, n.severity, n.target
