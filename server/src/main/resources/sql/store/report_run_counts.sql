-- Runs of a period that no other run started: accepted before its end, and not ended before it began.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until)
SELECT r.kind, r.outcome, count(*) AS runs
FROM caretaker.run r, p
WHERE r.parent_run_id IS NULL AND r.target = p.target AND r.created < p.until AND (r.ended IS NULL OR r.ended >= p.since)
GROUP BY r.kind, r.outcome
ORDER BY r.kind, r.outcome
