-- The day has one; the later of two routines takes the place of the earlier.
INSERT INTO caretaker.growth_sample AS s (target, day, cause, taken, content)
VALUES (?, CAST(CAST(? AS timestamptz) AT TIME ZONE 'UTC' AS date), ?, ?, CAST(? AS jsonb))
ON CONFLICT (target, day, cause) DO UPDATE SET taken = excluded.taken, content = excluded.content
 WHERE s.cause <> 'DAILY'
