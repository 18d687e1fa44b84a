-- Marks one, unless it is pinned, or is verified and no newer verified one holds what it holds. That one is locked, so that it does not
-- go at the same time. What is newer is told as where they expire.
UPDATE caretaker.backup AS b
   SET state = 'DELETED', deleted = ?, deleted_by = ?
 WHERE b.backup_id = ? AND b.state IN ('STORED', 'FAILED') AND b.pinned_by IS NULL
   AND (? OR b.state = 'FAILED' OR b.verified IS NULL OR b.evidence ->> 'verdict' = 'DAMAGED'
        OR EXISTS (SELECT
                     FROM caretaker.backup n
                    CROSS JOIN (SELECT CAST(? AS timestamptz) + interval '1 hour' AS latest) AS p
                    WHERE n.target = b.target AND n.state = 'STORED' AND LEAST(n.snapshot, n.stored) <= p.latest
                      AND (CASE WHEN n.snapshot <= p.latest THEN n.snapshot ELSE n.stored END, n.backup_id)
                          > (CASE WHEN b.snapshot <= p.latest THEN b.snapshot ELSE b.stored END, b.backup_id)
                      AND (CASE WHEN n.stored <= p.latest THEN n.stored ELSE n.snapshot END, n.backup_id)
                          > (CASE WHEN b.stored <= p.latest THEN b.stored ELSE b.snapshot END, b.backup_id)
                      AND (n.whole OR n.request -> 'selection' = b.request -> 'selection')
                      AND n.verified IS NOT NULL AND n.evidence ->> 'verdict' IS DISTINCT FROM 'DAMAGED'
                      FOR SHARE OF n))
