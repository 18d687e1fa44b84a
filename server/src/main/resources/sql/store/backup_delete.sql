-- Marks one, unless it is pinned, or is verified and no newer verified one holds what it holds: pg_dump has all that a table copy has,
-- and that has less. That one is locked, so that it does not go at the same time.
UPDATE caretaker.backup AS b
   SET state = 'DELETED', deleted = ?, deleted_by = ?
 WHERE b.backup_id = ? AND b.state IN ('STORED', 'FAILED') AND b.pinned_by IS NULL
   AND (? OR b.state = 'FAILED' OR b.verified IS NULL OR b.evidence ->> 'verdict' = 'DAMAGED'
        OR EXISTS (SELECT
                     FROM caretaker.backup n
                    CROSS JOIN (SELECT CAST(? AS timestamptz) AS latest) AS p
                    WHERE @backup_newer@
                      AND (n.whole OR n.request -> 'selection' = b.request -> 'selection')
                      AND n.engine IN ('PG_DUMP', b.engine)
                      AND n.verified IS NOT NULL AND n.evidence ->> 'verdict' IS DISTINCT FROM 'DAMAGED'
                      FOR SHARE OF n))
