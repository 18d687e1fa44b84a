-- Rows that the last ten cleanups of a policy removed, those that were broken off left out, and those included whose runs are
-- forgotten.
WITH wanted AS NOT MATERIALIZED (SELECT CAST(? AS text) AS policy, CAST(? AS text) AS target)
SELECT c.rows
  FROM (SELECT r.created, coalesce(sum(CAST(s.totals ->> 'rowsDeleted' AS bigint)), 0) AS rows
          FROM wanted w
          JOIN caretaker.run r ON r.target = w.target
          JOIN caretaker.run_step s ON s.run_id = r.run_id AND s.policy = w.policy
         WHERE r.kind = 'CLEANUP' AND r.outcome IN ('COMPLETE', 'RESIDUAL', 'PINNED')
         GROUP BY r.run_id, r.created
         UNION ALL
        SELECT p.created, p.rows FROM wanted w JOIN caretaker.past_cleanup p USING (target, policy)) AS c
 ORDER BY c.created DESC
 LIMIT 10
