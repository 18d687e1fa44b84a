-- Targets, of some, of which something was given up at a channel, or waits for one that is stopped, and that is no finding, or the other
-- way round. What is about no target is a finding nowhere: at each of them it would be the same.
WITH target AS (SELECT jsonb_array_elements_text(CAST(? AS jsonb)) AS target)
SELECT target
  FROM (SELECT DISTINCT t.target, u.channel
          FROM (SELECT DISTINCT n.target, d.channel
                  FROM caretaker.delivery d
                  JOIN caretaker.notification n USING (notification_id)
                 WHERE d.state = 'DEAD'
                    OR d.state = 'PENDING' AND d.channel IN (SELECT s.channel FROM caretaker.channel_stop s)) u
          JOIN target t ON u.target = t.target) dead
  FULL JOIN (SELECT target, object_name AS channel
               FROM caretaker.finding
              WHERE check_id = ? AND gone IS NULL) found USING (target, channel)
  JOIN target USING (target)
 WHERE dead.channel IS NULL OR found.channel IS NULL
 GROUP BY target
