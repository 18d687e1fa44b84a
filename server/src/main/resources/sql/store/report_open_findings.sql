SELECT f.severity, count(*) AS number
FROM caretaker.finding f
WHERE f.target = ? AND f.gone IS NULL
  AND NOT EXISTS (
      SELECT FROM caretaker.finding_mute m
      WHERE m.target = f.target AND m.finding_id = f.finding_id AND (m.expires IS NULL OR m.expires > now()))
GROUP BY f.severity
