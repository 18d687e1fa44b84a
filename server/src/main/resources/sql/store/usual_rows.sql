-- Rows that the last ten cleanups of a policy removed, those that were broken off left out.
SELECT coalesce(sum(CAST(s.totals ->> 'rowsDeleted' AS bigint)), 0) AS rows
  FROM caretaker.run r
  JOIN caretaker.run_step s ON s.run_id = r.run_id AND s.policy = ?
 WHERE r.target = ? AND r.kind = 'CLEANUP' AND r.outcome IN ('COMPLETE', 'RESIDUAL', 'PINNED')
 GROUP BY r.run_id, r.created
 ORDER BY r.created DESC
 LIMIT 10
