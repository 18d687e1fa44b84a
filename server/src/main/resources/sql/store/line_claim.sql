-- Lines that are due, or whose run has ended, and that no living server looks at, for one server.
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
           FOR UPDATE SKIP LOCKED) AS free
 WHERE l.schedule = free.schedule AND l.target = free.target
RETURNING l.*
