-- Whether n is stored, of the target of b, and newer than that: by the clock of the server that it was taken from and by ours, as far as
-- they are not ahead of the latest moment that may be (p): a date that is yet to come proves nothing. The same is BackupRow.isNewer.
n.target = b.target AND n.state = 'STORED' AND LEAST(n.snapshot, n.stored) <= p.latest
AND (CASE WHEN n.snapshot <= p.latest THEN n.snapshot ELSE n.stored END, n.backup_id)
    > (CASE WHEN b.snapshot <= p.latest THEN b.snapshot ELSE b.stored END, b.backup_id)
AND (CASE WHEN n.stored <= p.latest THEN n.stored ELSE n.snapshot END, n.backup_id)
    > (CASE WHEN b.stored <= p.latest THEN b.stored ELSE b.snapshot END, b.backup_id)
