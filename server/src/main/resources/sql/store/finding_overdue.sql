-- Targets, of some, of which it is told that the expectation of a schedule is broken, and is no finding, or the other way round; or a
-- finding of a while ago, which may be worse by now.
WITH target AS (SELECT jsonb_array_elements_text(CAST(? AS jsonb)) AS target)
SELECT target
  FROM (SELECT target, schedule FROM caretaker.schedule_line WHERE overdue IS NOT NULL) told
  FULL JOIN (SELECT target, object_name AS schedule, last_seen
               FROM caretaker.finding
              WHERE check_id = ? AND gone IS NULL) found USING (target, schedule)
  JOIN target USING (target)
 WHERE told.schedule IS NULL OR found.schedule IS NULL OR found.last_seen < clock_timestamp() - interval '1 hour'
 GROUP BY target
