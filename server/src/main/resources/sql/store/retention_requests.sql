-- One that is being acted on is not forgotten, or the same could be done again.
DELETE FROM caretaker.request
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.request
                          WHERE created < clock_timestamp() - ? * interval '1 millisecond'
                            AND (state <> 'STARTED' OR alive < clock_timestamp() - interval '1 hour')
                          LIMIT 5000 FOR UPDATE SKIP LOCKED))
