-- The newest of those that hold all and of those that hold a part, verified and not; none that was found damaged.
SELECT DISTINCT ON (whole, verified IS NOT NULL) *
  FROM caretaker.backup
 WHERE target = ? AND state = 'STORED' AND evidence ->> 'verdict' IS DISTINCT FROM 'DAMAGED'
 ORDER BY whole, verified IS NOT NULL, snapshot DESC, backup_id DESC
