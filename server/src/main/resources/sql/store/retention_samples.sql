DELETE FROM caretaker.growth_sample
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.growth_sample
                          WHERE taken < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 100 FOR UPDATE SKIP LOCKED))
