-- Lines that are due, or whose run has ended, and that no living server looks at, for one server, with their schedules. If a
-- claim is lost in a crash of the store, two look at the line, and the row of the fire lets one start it; so its commit does
-- not wait for the disk.
UPDATE caretaker.schedule_line l
   SET claimed_by = ?
  FROM (SELECT due.schedule, due.target
          FROM caretaker.schedule_line due
         WHERE (due.due <= clock_timestamp()
                OR due.run_id IS NOT NULL
                   AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.run_id = due.run_id AND r.ended IS NULL))
           AND (due.claimed_by IS NULL
                OR due.claimed_by <> ?
                   AND NOT EXISTS (SELECT FROM caretaker.server s
                                    WHERE s.server_id = due.claimed_by AND s.seen > now() - interval '20 seconds'))
         ORDER BY due.due NULLS FIRST
         LIMIT ?
           FOR UPDATE SKIP LOCKED) AS free,
       (SELECT set_config('synchronous_commit', 'off', true)) AS unhurried,
       caretaker.schedule s
 WHERE l.schedule = free.schedule AND l.target = free.target AND s.name = l.schedule
RETURNING l.*, s.name, s.content, s.etag, s.updated, s.updated_by, s.pause AS schedule_pause, clock_timestamp() AS now
