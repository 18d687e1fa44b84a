-- Of running runs, too: what happened otherwise, and the end, stay as long as the run.
DELETE FROM caretaker.run_event
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.run_event
                          WHERE progress AND at < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 5000 FOR UPDATE SKIP LOCKED))
