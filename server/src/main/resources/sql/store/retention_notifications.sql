-- Deliveries go with them.
DELETE FROM caretaker.notification
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.notification
                          WHERE occurred < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 2000 FOR UPDATE SKIP LOCKED))
