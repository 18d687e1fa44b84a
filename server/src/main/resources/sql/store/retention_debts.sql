DELETE FROM caretaker.debt
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.debt
                          WHERE settled < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 1000 FOR UPDATE SKIP LOCKED))
