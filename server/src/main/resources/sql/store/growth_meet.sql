INSERT INTO caretaker.growth_clock (target, due, routine_seen)
SELECT name, clock_timestamp(), clock_timestamp() FROM unnest(CAST(? AS text[])) AS t (name)
ON CONFLICT (target) DO NOTHING
