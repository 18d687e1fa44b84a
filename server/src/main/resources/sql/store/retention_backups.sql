-- Of backups that were deleted or failed, once nothing of them lies at their destination; and of those that were recorded by hand, but
-- for the newest of a target and the newest that was proven.
WITH age AS MATERIALIZED (
    SELECT clock_timestamp() - ? * interval '1 millisecond' AS past
), recorded AS (
    DELETE FROM caretaker.external_backup
     WHERE backup_id = ANY (ARRAY(
        SELECT e.backup_id
          FROM caretaker.external_backup e, age
         WHERE e.taken < age.past
           AND e.recorded < age.past
           AND EXISTS (SELECT FROM caretaker.external_backup n WHERE n.target = e.target AND n.taken > e.taken)
           AND (e.verified IS NULL
                OR EXISTS (SELECT FROM caretaker.external_backup n
                            WHERE n.target = e.target AND n.taken > e.taken AND n.verified IS NOT NULL))
         LIMIT 200
           FOR UPDATE OF e SKIP LOCKED))
)
DELETE FROM caretaker.backup
 WHERE backup_id = ANY (ARRAY(
    SELECT b.backup_id
      FROM caretaker.backup b, age
     WHERE b.state IN ('DELETED', 'FAILED')
       AND b.swept
       AND coalesce(b.deleted, b.created) < age.past
       AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.run_id = b.backup_id)
     LIMIT 200
       FOR UPDATE OF b SKIP LOCKED))
