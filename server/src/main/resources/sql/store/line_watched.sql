-- Lines whose expectation is broken, or was told to be.
SELECT l.*, s.content ->> 'expectation' AS expectation
  FROM caretaker.schedule_line l
  JOIN caretaker.schedule s ON s.name = l.schedule
 WHERE l.overdue IS NOT NULL
    OR coalesce(l.succeeded, l.created) + CAST(s.content ->> 'expectation' AS interval) < clock_timestamp()
 ORDER BY l.schedule, l.target
