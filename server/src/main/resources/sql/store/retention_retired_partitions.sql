-- One that is still there stays, however long it is held.
DELETE FROM caretaker.retired_partition
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.retired_partition
                          WHERE ended < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 2000 FOR UPDATE SKIP LOCKED))
