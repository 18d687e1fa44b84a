DELETE FROM caretaker.measurement
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.measurement
                          WHERE taken < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 2000 FOR UPDATE SKIP LOCKED))
