-- Whether a channel was told of the same within some time before, and nothing has ended it since.
SELECT EXISTS (SELECT
                 FROM caretaker.notification n JOIN caretaker.delivery d USING (notification_id)
                WHERE n.topic = ? AND n.type = ? AND d.channel = ? AND n.notification_id <> ?
                  AND n.occurred > ? AND n.occurred <= ?
                  AND NOT EXISTS (SELECT
                                    FROM caretaker.notification e
                                   WHERE e.topic = n.topic
                                     AND (e.resolves = n.type
                                          OR e.type = 'run.recovered' AND n.type IN ('run.failed', 'run.partial'))
                                     AND e.occurred > n.occurred AND e.occurred < ?)) AS told
