DELETE FROM caretaker.audit
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.audit
                          WHERE at < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 5000 FOR UPDATE SKIP LOCKED))
