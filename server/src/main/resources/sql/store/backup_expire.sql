-- Marks one that was kept for long enough, unless it is pinned, somebody reads it, or no newer one that is whole, and as well proven,
-- holds what it holds: pg_dump has all that a table copy has, and that has less. That one is locked, so that it does not go at the
-- same time.
UPDATE caretaker.backup AS b
   SET state = 'DELETED', deleted = ?, deleted_by = ?
 WHERE b.backup_id = ? AND b.state = 'STORED' AND b.pinned_by IS NULL
   AND EXISTS (SELECT
                 FROM caretaker.backup n
                CROSS JOIN (SELECT CAST(? AS timestamptz) AS latest) AS p
                WHERE @backup_newer@
                  AND (n.whole OR n.request -> 'selection' = b.request -> 'selection')
                  AND (n.engine IN ('PG_DUMP', b.engine) OR b.evidence ->> 'verdict' = 'DAMAGED')
                  AND n.evidence ->> 'verdict' IS DISTINCT FROM 'DAMAGED'
                  AND (n.verified IS NOT NULL OR b.verified IS NULL OR b.evidence ->> 'verdict' = 'DAMAGED')
                  FOR SHARE OF n)
   AND NOT EXISTS (SELECT
                     FROM caretaker.run r
                     JOIN caretaker.run_step s USING (run_id)
                    WHERE r.ended IS NULL AND r.kind IN ('BACKUP_VERIFY', 'RESTORE')
                      AND s.parameters ->> 'backup' = CAST(b.backup_id AS text))
