-- Worst first, the beginning of things before their ends.
SELECT n.*
  FROM caretaker.gathered g JOIN caretaker.notification n USING (notification_id)
 WHERE g.message_id IS NULL AND g.digest = ? AND g.channel = ? AND g.rule = ? AND g.group_key = coalesce(?, g.group_key)
   AND n.occurred < coalesce(CAST(? AS timestamptz), 'infinity')
 ORDER BY n.resolves IS NOT NULL, array_position(ARRAY['CRITICAL', 'WARNING', 'INFO'], n.severity), n.occurred,
          n.notification_id
 LIMIT ?
