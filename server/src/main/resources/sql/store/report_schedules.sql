-- What became of nominal times. A row that stands for several counts for as many.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until)
SELECT f.schedule,
       coalesce(sum(f.times) FILTER (WHERE f.outcome IN ('STARTED', 'CAUGHT_UP')), 0) AS started,
       coalesce(sum(f.times) FILTER (WHERE f.outcome = 'CAUGHT_UP'), 0) AS caught_up,
       count(*) FILTER (WHERE coalesce(f.run_outcome, r.outcome) = 'FAILED') AS failed,
       coalesce(sum(f.times) FILTER (WHERE f.outcome LIKE 'SKIPPED%'), 0) AS skipped,
       coalesce(sum(f.times) FILTER (WHERE f.outcome = 'MISSED'), 0) AS missed,
       coalesce(sum(f.times) FILTER (WHERE f.outcome = 'REFUSED'), 0) AS refused,
       coalesce(sum(f.times) FILTER (WHERE f.outcome = 'WAITING'), 0) AS waiting
FROM caretaker.fire f
LEFT JOIN caretaker.run r ON r.run_id = f.run_id, p
WHERE f.target = p.target AND f.nominal < p.until AND f.last_nominal >= p.since
GROUP BY f.schedule
ORDER BY f.schedule
