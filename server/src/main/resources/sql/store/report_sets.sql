-- What was done for partition sets, and what is held now.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until),
made AS (
    SELECT s.parameters ->> 'set' AS set_name,
           sum(CASE WHEN s.kind = 'create-partition' THEN coalesce(CAST(s.position ->> 'created' AS int), 0)
                    WHEN s.outcome = 'COMPLETE' THEN 1 ELSE 0 END) AS created
    FROM caretaker.run r
    JOIN caretaker.run_step s ON s.run_id = r.run_id, p
    WHERE r.kind = 'UPKEEP' AND r.target = p.target AND r.created < p.until AND (r.ended IS NULL OR r.ended >= p.since)
      AND s.kind IN ('create-partition', 'adopt-default-partition')
      AND s.ended >= p.since AND s.ended < p.until AND s.parameters ->> 'set' IS NOT NULL
    GROUP BY 1),
retired AS (
    SELECT x.set_name,
           count(*) FILTER (WHERE x.detached >= p.since AND x.detached < p.until AND x.state <> 'DETACHING') AS detached,
           count(*) FILTER (WHERE x.state = 'DROPPED' AND x.ended >= p.since AND x.ended < p.until) AS dropped,
           coalesce(sum(x.bytes) FILTER (WHERE x.state = 'DROPPED' AND x.ended >= p.since AND x.ended < p.until), 0) AS bytes_dropped,
           count(*) FILTER (WHERE x.state = 'ATTACHED' AND x.ended >= p.since AND x.ended < p.until) AS attached,
           count(*) FILTER (WHERE x.state = 'HELD') AS held,
           coalesce(sum(x.bytes) FILTER (WHERE x.state = 'HELD'), 0) AS bytes_held
    FROM caretaker.retired_partition x, p
    WHERE x.target = p.target
    GROUP BY x.set_name),
known AS (SELECT x.name AS set_name, true AS exists FROM caretaker.partition_set x, p WHERE x.target = p.target)
SELECT set_name, coalesce(known.exists, false) AS exists, coalesce(created, 0) AS created, coalesce(detached, 0) AS detached,
       coalesce(dropped, 0) AS dropped, coalesce(bytes_dropped, 0) AS bytes_dropped, coalesce(attached, 0) AS attached,
       coalesce(held, 0) AS held, coalesce(bytes_held, 0) AS bytes_held
FROM known
FULL JOIN made USING (set_name)
FULL JOIN retired USING (set_name)
WHERE known.exists OR coalesce(created, 0) + coalesce(detached, 0) + coalesce(dropped, 0) + coalesce(attached, 0)
      + coalesce(held, 0) > 0
ORDER BY set_name
