-- Whether a channel was told of the same within some time before, by itself or in a message, and nothing has ended it since.
SELECT EXISTS (SELECT
                 FROM caretaker.notification n
                WHERE n.topic = ? AND n.type = ? AND n.notification_id <> ? AND n.occurred > ? AND n.occurred <= ?
                  AND (EXISTS (SELECT
                                 FROM caretaker.delivery d
                                WHERE d.notification_id = n.notification_id AND d.channel = ?)
                       OR EXISTS (SELECT
                                    FROM caretaker.gathered g
                                   WHERE g.notification_id = n.notification_id AND g.channel = ?
                                     AND (NOT g.digest OR ?)))
                  AND NOT EXISTS (SELECT
                                    FROM caretaker.notification e
                                   WHERE e.topic = n.topic AND e.type = ANY (?)
                                     AND e.occurred > n.occurred AND e.occurred < ?)) AS told
