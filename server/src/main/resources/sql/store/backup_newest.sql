-- The newest of those that hold all and of those that hold a part, verified and not; none that was found damaged. By the clock of the
-- server that they were taken from, or, if that was ahead, by ours; those that have no date but one that is yet to come are the last.
SELECT DISTINCT ON (n.whole, n.verified IS NOT NULL) n.*
  FROM caretaker.backup n
 CROSS JOIN (SELECT CAST(? AS timestamptz) AS latest) AS p
 WHERE n.target = ? AND n.state = 'STORED' AND n.evidence ->> 'verdict' IS DISTINCT FROM 'DAMAGED'
 ORDER BY n.whole, n.verified IS NOT NULL, LEAST(n.snapshot, n.stored) <= p.latest DESC,
          CASE WHEN n.snapshot <= p.latest THEN n.snapshot ELSE n.stored END DESC, n.backup_id DESC
