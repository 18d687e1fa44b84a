-- Lines that are due within some time and have no run, the next first, with their schedules.
SELECT l.*, s.name, s.content, s.etag, s.updated, s.updated_by, s.pause AS schedule_pause, clock_timestamp() AS now
  FROM caretaker.schedule_line l
  JOIN caretaker.schedule s ON s.name = l.schedule
 WHERE l.due > clock_timestamp()
   AND l.due <= clock_timestamp() + ? * interval '1 millisecond'
   AND l.run_id IS NULL
 ORDER BY l.due
 LIMIT ?
