-- Parameters: now, target, checks that would have found it.
WITH input AS (
    SELECT CAST(? AS timestamptz) AS now, CAST(? AS text) AS target, CAST(? AS text[]) AS checks
)
UPDATE caretaker.finding f
SET gone = i.now, status = 'GONE'
FROM input i
WHERE f.target = i.target
  AND f.check_id = ANY (i.checks)
  AND f.gone IS NULL
  AND f.last_seen < i.now
RETURNING f.*
