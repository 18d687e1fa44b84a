DELETE FROM caretaker.table_sample
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.table_sample
                          WHERE taken < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 100 FOR UPDATE SKIP LOCKED))
