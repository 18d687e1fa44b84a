-- Deliveries go with them, the oldest first: an end never goes before its beginning. Of something that still goes on, the latest
-- notification that each channel got stays, however old it is, so that the channel is also told of its end. Deliveries that were given
-- up go in any case.
WITH past AS MATERIALIZED (
    SELECT clock_timestamp() - ? * interval '1 millisecond' AS at
), dead AS (
    DELETE FROM caretaker.delivery d
     USING caretaker.notification n, past
     WHERE d.state = 'DEAD' AND n.notification_id = d.notification_id AND n.occurred < past.at
)
DELETE FROM caretaker.notification
 WHERE ctid = ANY (ARRAY(
    SELECT n.ctid
      FROM caretaker.notification n
     WHERE n.occurred < (SELECT past.at FROM past)
       AND NOT (
           EXISTS (SELECT
                     FROM (SELECT channel
                             FROM caretaker.delivery d
                            WHERE d.notification_id = n.notification_id AND d.state <> 'DEAD'
                            UNION ALL
                           SELECT channel FROM caretaker.gathered g WHERE g.notification_id = n.notification_id) AS told
                    WHERE NOT EXISTS (SELECT
                                        FROM caretaker.notification l
                                       WHERE l.topic = n.topic AND l.type = n.type AND l.occurred > n.occurred
                                         AND (EXISTS (SELECT
                                                        FROM caretaker.delivery d
                                                       WHERE d.notification_id = l.notification_id
                                                         AND d.channel = told.channel AND d.state <> 'DEAD')
                                              OR EXISTS (SELECT
                                                           FROM caretaker.gathered g
                                                          WHERE g.notification_id = l.notification_id
                                                            AND g.channel = told.channel))))
           AND (EXISTS (SELECT FROM caretaker.condition c WHERE c.event = n.type AND c.topic = n.topic)
                OR n.type IN ('finding.new', 'finding.worse')
                   AND EXISTS (SELECT
                                 FROM caretaker.finding f
                                WHERE f.target = n.target AND f.finding_id = n.data ->> 'finding_id' AND f.told IS NOT NULL)
                   AND NOT EXISTS (SELECT
                                     FROM caretaker.notification e
                                    WHERE e.topic = n.topic AND e.type = 'finding.gone' AND e.occurred > n.occurred)
                OR n.type IN ('run.failed', 'run.partial', 'fire.refused')
                   AND EXISTS (SELECT
                                 FROM caretaker.schedule_line l
                                WHERE l.schedule = n.data ->> 'schedule' AND l.target = n.target)
                   AND NOT EXISTS (SELECT
                                     FROM caretaker.notification e
                                    WHERE e.topic = n.topic AND e.type = 'run.recovered' AND e.occurred > n.occurred)
                OR n.type = 'expectation.broken'
                   AND EXISTS (SELECT
                                 FROM caretaker.schedule_line l
                                WHERE l.schedule = n.data ->> 'schedule' AND l.target = n.target AND l.overdue IS NOT NULL)
                OR n.type = 'hold.set'
                   AND EXISTS (SELECT
                                 FROM caretaker.hold h
                                WHERE h.ended IS NULL AND CAST(h.hold_id AS text) = n.data ->> 'hold_id')
                -- its end is written, and no rule was asked yet
                OR n.topic IN (SELECT e.topic FROM caretaker.notification e WHERE e.routed IS NULL)))
     ORDER BY n.occurred
     LIMIT 2000
       FOR UPDATE OF n SKIP LOCKED))
