-- Policies and routines whose work ended well since an instant, and when that work was planned or begun, of forgotten runs, too.
-- A policy is done if the whole run ended well, or else if it had steps there that all did.
WITH ended AS (
    SELECT run_id, kind, target, outcome, plan_id, created, ended
    FROM caretaker.run
    WHERE ended > ?
      AND (kind = 'CLEANUP' OR (kind = 'ROUTINE' AND outcome = 'COMPLETE'))
)
SELECT 'policy' AS what, r.target, p.name, max(r.ended) AS at, max(l.created) AS since
FROM ended r
JOIN caretaker.plan l ON l.plan_id = r.plan_id
CROSS JOIN LATERAL (SELECT jsonb_path_query(l.content, '$.policies[*].policy.policy.name') #>> '{}' AS name) p
WHERE r.kind = 'CLEANUP'
  AND (r.outcome = 'COMPLETE'
       OR (SELECT bool_and(s.outcome IS NOT NULL AND s.outcome IN ('COMPLETE', 'SKIPPED'))
           FROM caretaker.run_step s
           WHERE s.run_id = r.run_id AND s.policy = p.name))
GROUP BY r.target, p.name
UNION ALL
SELECT 'routine', r.target, s.parameters -> 'routine' ->> 'name', max(r.ended), max(r.created)
FROM ended r
JOIN caretaker.run_step s ON s.run_id = r.run_id AND s.ordinal = 1
WHERE r.kind = 'ROUTINE'
  AND s.parameters -> 'routine' ->> 'name' IS NOT NULL
GROUP BY r.target, s.parameters -> 'routine' ->> 'name'
UNION ALL
SELECT what, target, name, at, since
FROM caretaker.past_success
WHERE at > ?
