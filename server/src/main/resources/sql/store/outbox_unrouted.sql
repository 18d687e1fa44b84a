-- What the rules have not been asked about. What only newer servers know is theirs.
SELECT * FROM caretaker.notification
 WHERE routed IS NULL AND type = ANY (?)
 ORDER BY occurred, notification_id
 LIMIT ?
