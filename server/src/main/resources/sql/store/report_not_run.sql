-- Nominal times at which nothing ran, or the run failed, by schedule and reason, the latest first.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until)
SELECT f.schedule, f.outcome, f.reason, (array_agg(f.message ORDER BY f.nominal DESC))[1] AS message, sum(f.times) AS times,
       min(f.nominal) AS first_time, max(f.last_nominal) AS last_time, count(*) OVER () AS number
FROM caretaker.fire f
LEFT JOIN caretaker.run r ON r.run_id = f.run_id, p
WHERE f.target = p.target AND f.nominal < p.until AND f.last_nominal >= p.since
  AND (f.outcome NOT IN ('STARTED', 'CAUGHT_UP') OR coalesce(f.run_outcome, r.outcome) = 'FAILED')
GROUP BY f.schedule, f.outcome, f.reason
ORDER BY max(f.last_nominal) DESC, f.schedule, f.outcome, f.reason
LIMIT ?
