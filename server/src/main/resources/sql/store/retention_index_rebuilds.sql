DELETE FROM caretaker.index_rebuild
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM caretaker.index_rebuild
                          WHERE rebuilt < clock_timestamp() - ? * interval '1 millisecond'
                          LIMIT 2000 FOR UPDATE SKIP LOCKED))
