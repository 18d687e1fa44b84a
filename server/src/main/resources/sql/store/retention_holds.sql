DELETE FROM caretaker.hold
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.hold
                          WHERE ended < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 1000 FOR UPDATE SKIP LOCKED))
