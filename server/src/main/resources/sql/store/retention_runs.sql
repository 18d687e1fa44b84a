-- Steps and events go with them. Children go with or before their parents; a run stays as long as something that it left at its
-- target is open, a schedule waits for its end, or a conversion that goes on was its work.
DELETE FROM caretaker.run
 WHERE run_id = ANY (ARRAY(
    SELECT r.run_id
      FROM caretaker.run r
     WHERE r.ended < clock_timestamp() - ? * interval '1 millisecond'
       AND NOT EXISTS (SELECT FROM caretaker.run child WHERE child.parent_run_id = r.run_id)
       AND NOT EXISTS (SELECT FROM caretaker.debt d WHERE d.run_id = r.run_id AND d.settled IS NULL)
       AND NOT EXISTS (SELECT FROM caretaker.schedule_line l WHERE l.run_id = r.run_id)
       AND NOT EXISTS (SELECT FROM caretaker.conversion c WHERE c.run_id = r.run_id AND c.state = 'STARTED')
     LIMIT 20
       FOR UPDATE OF r SKIP LOCKED))
