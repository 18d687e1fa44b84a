-- The control store was away for some time, and answers again. Servers that noticed the same tell it once.
INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, occurred)
SELECT gen_random_uuid(), 'store.outage', 'WARNING', '', 'control-store', ?, ?, clock_timestamp()
 WHERE NOT EXISTS (SELECT
                     FROM caretaker.notification
                    WHERE type = 'store.outage' AND topic = 'control-store'
                      AND occurred > clock_timestamp() - ? * interval '1 millisecond')
