-- Marks one that was kept for long enough, unless it is pinned, somebody reads it, or no newer one that is whole, and as well proven,
-- holds what it holds. Newer is what is so by the clock of the server that it was taken from and by ours, as far as they are not ahead of
-- the present: a date that is yet to come proves nothing. That one is locked, so that it does not go at the same time.
UPDATE caretaker.backup AS b
   SET state = 'DELETED', deleted = ?, deleted_by = ?
 WHERE b.backup_id = ? AND b.state = 'STORED' AND b.pinned_by IS NULL
   AND EXISTS (SELECT
                 FROM caretaker.backup n
                CROSS JOIN (SELECT CAST(? AS timestamptz) + interval '1 hour' AS latest) AS p
                WHERE n.target = b.target AND n.state = 'STORED' AND LEAST(n.snapshot, n.stored) <= p.latest
                  AND (CASE WHEN n.snapshot <= p.latest THEN n.snapshot ELSE n.stored END, n.backup_id)
                      > (CASE WHEN b.snapshot <= p.latest THEN b.snapshot ELSE b.stored END, b.backup_id)
                  AND (CASE WHEN n.stored <= p.latest THEN n.stored ELSE n.snapshot END, n.backup_id)
                      > (CASE WHEN b.stored <= p.latest THEN b.stored ELSE b.snapshot END, b.backup_id)
                  AND (n.whole OR n.request -> 'selection' = b.request -> 'selection')
                  AND n.evidence ->> 'verdict' IS DISTINCT FROM 'DAMAGED'
                  AND (n.verified IS NOT NULL OR b.verified IS NULL OR b.evidence ->> 'verdict' = 'DAMAGED')
                  FOR SHARE OF n)
   AND NOT EXISTS (SELECT
                     FROM caretaker.run r
                     JOIN caretaker.run_step s USING (run_id)
                    WHERE r.ended IS NULL AND r.kind IN ('BACKUP_VERIFY', 'RESTORE')
                      AND s.parameters ->> 'backup' = CAST(b.backup_id AS text))
