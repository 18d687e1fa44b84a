UPDATE caretaker.gathered g
   SET message_id = coalesce(?, g.notification_id)
  FROM caretaker.notification n
 WHERE n.notification_id = g.notification_id
   AND g.message_id IS NULL AND g.digest = ? AND g.channel = ? AND g.rule = ? AND g.group_key = coalesce(?, g.group_key)
   AND n.occurred < coalesce(CAST(? AS timestamptz), 'infinity')
