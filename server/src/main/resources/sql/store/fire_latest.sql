-- The latest of every line of some schedules.
SELECT DISTINCT ON (l.schedule, l.target) f.*
  FROM caretaker.schedule_line l
 CROSS JOIN LATERAL (SELECT f.schedule, f.target, f.nominal, f.outcome, f.reason, f.message, f.times, f.last_nominal,
                            f.decided, f.retry_at, f.attempts, f.run_id, f.earlier_runs, f.plan_id,
                            coalesce(f.run_outcome, r.outcome) AS run_outcome, f.trigger
                       FROM caretaker.fire f
                       LEFT JOIN caretaker.run r ON r.run_id = f.run_id
                      WHERE f.schedule = l.schedule AND f.target = l.target
                      ORDER BY f.nominal DESC
                      LIMIT 1) AS f
 WHERE l.schedule = ANY (CAST(? AS text[]))
 ORDER BY l.schedule, l.target
