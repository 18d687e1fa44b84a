-- Those that were taken back: of those that were carried out the way back stays known.
DELETE FROM caretaker.conversion
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.conversion
                          WHERE state = 'REVERTED' AND expires < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 200 FOR UPDATE SKIP LOCKED))
