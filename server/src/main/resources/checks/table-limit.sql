-- id: table-limit
-- title: Tables that pass their limit
-- category: tables
-- severity: warning
-- confidence: estimated
-- impact: bytes
-- reads: primary
-- threshold: days = 30 days — Within how many days a limit must be passed to be reported.
-- meaning: By the latest sample of the growth history the table, with indexes and TOAST, takes more than the configuration allows it
--   (targets.NAME.table-limit, .table-limits), or will soon, if it goes on growing as it did; that is good to know. "caretaker
--   growth" shows how it grew, and how sure the forecast is. Tables without a limit are not reported.
-- remedy: Give the table a retention policy, or a shorter one; partition it; or raise its limit.
SELECT 'table' AS object_kind,
       g.schema AS schema_name,
       g.name AS object_name,
       CASE WHEN g.state <> 'REACHED' THEN 'info' END AS severity,
       g.bytes AS impact,
       CASE WHEN g.state = 'REACHED'
            THEN format('Table %I.%I takes %s; its limit is %s.', g.schema, g.name, pg_size_pretty(g.bytes), pg_size_pretty(g."limit"))
            ELSE format('Table %I.%I takes %s and grows by %s a day; it passes its limit of %s on %s.', g.schema, g.name,
                        pg_size_pretty(g.bytes), pg_size_pretty(g.per_day), pg_size_pretty(g."limit"),
                        to_char(g.at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
       END AS message,
       jsonb_build_object('bytes', g.bytes, 'limit', g."limit", 'bytes_per_day', g.per_day, 'passes', g.at, 'earliest', g.earliest,
                          'latest', g.latest, 'sample', g.taken) AS evidence
FROM jsonb_to_recordset(CAST(:growth AS jsonb) -> 'tables')
     AS g (schema text, name text, bytes bigint, "limit" bigint, taken timestamptz, state text, per_day bigint, at timestamptz,
           earliest timestamptz, latest timestamptz)
WHERE g.state = 'REACHED'
   OR (g.state = 'EXPECTED' AND g.at < now() + make_interval(secs => :days * 86400))
