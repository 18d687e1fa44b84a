-- The latest of every line of some schedules, as in fire_list.
SELECT DISTINCT ON (l.schedule, l.target) f.*
  FROM caretaker.schedule_line l
 CROSS JOIN LATERAL (SELECT f.schedule, f.target, f.nominal, f.outcome,
                            CASE WHEN n.failed THEN coalesce(r.error ->> 'reason', '') ELSE f.reason END AS reason,
                            CASE WHEN n.failed THEN format('Run %s failed: %s', f.run_id,
                                                           coalesce(r.error ->> 'message', r.state_reason))
                                 ELSE f.message END AS message,
                            f.times, f.last_nominal, f.decided, f.retry_at, f.attempts, f.run_id, f.earlier_runs, f.plan_id,
                            coalesce(f.run_outcome, r.outcome) AS run_outcome, f.trigger
                       FROM caretaker.fire f
                       LEFT JOIN caretaker.run r ON r.run_id = f.run_id
                      CROSS JOIN LATERAL (SELECT f.run_outcome IS NULL AND r.outcome = 'FAILED' AS failed) n
                      WHERE f.schedule = l.schedule AND f.target = l.target
                      ORDER BY f.nominal DESC
                      LIMIT 1) AS f
 WHERE l.schedule = ANY (CAST(? AS text[]))
 ORDER BY l.schedule, l.target
