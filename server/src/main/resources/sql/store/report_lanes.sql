-- In which slots of a period work of a kind went on, and how gravely it ended: 0 well, 1 not yet, then by outcome.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until),
slots AS (SELECT CAST(? AS int) AS number),
work AS (
    SELECT r.kind,
           extract(epoch FROM greatest(coalesce(r.started, r.created), p.since) - p.since) AS first,
           extract(epoch FROM least(coalesce(r.ended, p.until), p.until) - p.since) AS last,
           extract(epoch FROM p.until - p.since) / slots.number AS slot,
           slots.number - 1 AS most,
           CASE coalesce(r.outcome, '')
               WHEN 'COMPLETE' THEN 0 WHEN '' THEN 1 WHEN 'RESIDUAL' THEN 2 WHEN 'PINNED' THEN 3 WHEN 'DEADLINE' THEN 4
               WHEN 'CANCELLED' THEN 5 ELSE 6 END AS grave
    FROM caretaker.run r, p, slots
    WHERE r.target = p.target AND r.created < p.until AND (r.ended IS NULL OR r.ended >= p.since))
SELECT kind, CAST(least(floor(first / slot), most) AS int) AS first,
       CAST(least(floor(greatest(last, first) / slot), most) AS int) AS last, max(grave) AS grave
FROM work
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
