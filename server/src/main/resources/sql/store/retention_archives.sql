-- Of archives that were deleted, or into which no row ever came; not while a retired partition is known by one, rows of it stay
-- because they were brought back, or its run is kept. Parts go with them.
DELETE FROM caretaker.archive
 WHERE archive_id = ANY (ARRAY(
    SELECT a.archive_id
      FROM caretaker.archive a
     WHERE a.state IN ('DELETED', 'EMPTY')
       AND coalesce(a.deleted, a.sealed, a.created) < clock_timestamp() - ? * interval '1 millisecond'
       AND NOT EXISTS (SELECT FROM caretaker.retired_partition p WHERE p.archive_id = a.archive_id)
       AND NOT EXISTS (SELECT FROM caretaker.restored_rows w
                        WHERE w.archive_id = a.archive_id AND w.held_until > clock_timestamp())
       AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.run_id = a.run_id)
     LIMIT 200
       FOR UPDATE OF a SKIP LOCKED))
