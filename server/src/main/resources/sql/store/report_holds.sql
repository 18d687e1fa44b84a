-- Holds that froze something at a target within a period, newest first.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until)
SELECT h.*
FROM caretaker.hold h, p
WHERE (h.target IS NULL OR h.target = p.target) AND h.since < p.until
  AND least(coalesce(h.released, 'infinity'), coalesce(h.until, 'infinity')) >= p.since
ORDER BY h.since DESC, h.hold_id
LIMIT ?
