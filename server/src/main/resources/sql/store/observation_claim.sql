UPDATE caretaker.run_observation o
   SET leased_until = clock_timestamp() + ? * interval '1 millisecond'
 WHERE o.run_id IN (SELECT d.run_id
                      FROM caretaker.run_observation d
                     WHERE d.due <= clock_timestamp()
                       AND (d.leased_until IS NULL OR d.leased_until < clock_timestamp())
                     ORDER BY d.due
                     LIMIT ?
                       FOR UPDATE SKIP LOCKED)
RETURNING o.run_id, o.target, o.content
