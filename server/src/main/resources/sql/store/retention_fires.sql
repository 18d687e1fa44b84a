-- Not those that are still decided on.
DELETE FROM caretaker.fire
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.fire
                          WHERE last_nominal < clock_timestamp() - ? * interval '1 millisecond' AND retry_at IS NULL
                          LIMIT 5000 FOR UPDATE SKIP LOCKED))
