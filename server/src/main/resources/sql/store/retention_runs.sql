-- Steps and events go with them. Children go with or before their parents; a run stays as long as something that it left at its
-- target is open, a schedule waits for its end, or a conversion that goes on was its work. When a policy or routine last ended well
-- (as in look_successes.sql), and how many rows the last ten cleanups of a policy removed (as in usual_rows.sql), is remembered.
WITH past AS MATERIALIZED (
    SELECT clock_timestamp() - ? * interval '1 millisecond' AS at
), going AS MATERIALIZED (
    SELECT r.run_id, r.kind, r.target, r.outcome, r.plan_id, r.created, r.ended
      FROM caretaker.run r
     WHERE r.ended < (SELECT past.at FROM past)
       AND NOT EXISTS (SELECT FROM caretaker.run child WHERE child.parent_run_id = r.run_id)
       AND NOT EXISTS (SELECT FROM caretaker.debt d WHERE d.run_id = r.run_id AND d.settled IS NULL)
       AND NOT EXISTS (SELECT FROM caretaker.schedule_line l WHERE l.run_id = r.run_id)
       AND NOT EXISTS (SELECT FROM caretaker.conversion c WHERE c.run_id = r.run_id AND c.state = 'STARTED')
     ORDER BY r.ended
     LIMIT 20
       FOR UPDATE OF r SKIP LOCKED
), well AS (
    SELECT 'policy' AS what, r.target, p.name, r.ended AS at, l.created AS since
      FROM going r
      JOIN caretaker.plan l ON l.plan_id = r.plan_id
     CROSS JOIN LATERAL (SELECT jsonb_path_query(l.content, '$.policies[*].policy.policy.name') #>> '{}' AS name) n
      JOIN caretaker.policy p ON p.target = r.target AND p.name = n.name
     WHERE r.kind = 'CLEANUP'
       AND (r.outcome = 'COMPLETE'
            OR (SELECT bool_and(s.outcome IS NOT NULL AND s.outcome IN ('COMPLETE', 'SKIPPED'))
                  FROM caretaker.run_step s
                 WHERE s.run_id = r.run_id AND s.policy = p.name))
     UNION ALL
    SELECT 'routine', r.target, s.parameters -> 'routine' ->> 'name', r.ended, r.created
      FROM going r
      JOIN caretaker.run_step s ON s.run_id = r.run_id AND s.ordinal = 1
     WHERE r.kind = 'ROUTINE' AND r.outcome = 'COMPLETE' AND s.parameters -> 'routine' ->> 'name' IS NOT NULL
), strays AS (
    DELETE FROM caretaker.past_success w
     WHERE w.what = 'policy'
       AND NOT EXISTS (SELECT FROM caretaker.policy p WHERE p.target = w.target AND p.name = w.name)
), successes AS (
    INSERT INTO caretaker.past_success AS w (what, target, name, at, since)
    SELECT what, target, name, max(at), max(since) FROM well GROUP BY what, target, name ORDER BY what, target, name
    ON CONFLICT (what, target, name)
    DO UPDATE SET at = greatest(w.at, excluded.at), since = greatest(w.since, excluded.since)
), removed AS (
    SELECT r.target, s.policy, r.run_id, r.created, coalesce(sum(CAST(s.totals ->> 'rowsDeleted' AS bigint)), 0) AS rows
      FROM going r
      JOIN caretaker.run_step s ON s.run_id = r.run_id
      JOIN caretaker.policy p ON p.target = r.target AND p.name = s.policy
     WHERE r.kind = 'CLEANUP' AND r.outcome IN ('COMPLETE', 'RESIDUAL', 'PINNED')
     GROUP BY r.target, s.policy, r.run_id, r.created
), older AS (
    -- does not see those of now: they are looked at when the next ones go
    DELETE FROM caretaker.past_cleanup c
     USING (SELECT DISTINCT target, policy FROM removed) t
     WHERE c.target = t.target AND c.policy = t.policy
       AND (SELECT count(*)
              FROM caretaker.past_cleanup n
             WHERE n.target = c.target AND n.policy = c.policy AND (n.created, n.run_id) > (c.created, c.run_id)) >= 10
), cleanups AS (
    INSERT INTO caretaker.past_cleanup (target, policy, run_id, created, rows)
    SELECT target, policy, run_id, created, rows FROM removed ORDER BY target, policy, run_id
    ON CONFLICT DO NOTHING
)
DELETE FROM caretaker.run WHERE run_id IN (SELECT run_id FROM going)
