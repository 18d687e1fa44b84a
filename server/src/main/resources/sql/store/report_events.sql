-- Events of a run that people ask for: warnings, what somebody asked of it, and steps that went on after an interruption.
SELECT sequence, at, body, count(*) OVER () AS number
FROM caretaker.run_event
WHERE run_id = ?
  AND NOT progress
  AND (body ->> 'type' = 'warning'
       OR (body ->> 'type' = 'state-changed' AND body ->> 'actor' IS NOT NULL)
       OR (body ->> 'type' = 'step-started' AND CAST(body ->> 'resumed' AS boolean)))
ORDER BY sequence
LIMIT ?
