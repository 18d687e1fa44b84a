-- Nominal times count from now on.
INSERT INTO caretaker.schedule_line (schedule, target, created, settled, due)
SELECT s.name, t.target, clock_timestamp(), clock_timestamp(), clock_timestamp()
  FROM caretaker.schedule s
 CROSS JOIN unnest(CAST(? AS text[])) AS t (target)
 WHERE s.name = ?
ON CONFLICT (schedule, target) DO NOTHING
