-- Rows that steps of policies removed, and when they did: one row a run and policy.
SELECT s.policy,
       min(s.started) AS started,
       max(coalesce(s.ended, clock_timestamp())) AS ended,
       sum(CAST(s.totals ->> 'rowsDeleted' AS bigint)) AS rows,
       bool_and(coalesce(s.outcome IN ('COMPLETE', 'PINNED', 'SKIPPED'), false)) AS complete
  FROM caretaker.run r
  JOIN caretaker.run_step s ON s.run_id = r.run_id
 WHERE r.target = ?
   AND r.kind = 'CLEANUP'
   AND (r.ended IS NULL OR r.ended >= ?)
   AND s.policy <> ''
   AND s.started IS NOT NULL
 GROUP BY s.run_id, s.policy
 ORDER BY 2
