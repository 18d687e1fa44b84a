-- id: disk-full
-- title: Disk that will be full
-- category: tables
-- severity: warning
-- confidence: estimated
-- impact: bytes
-- reads: primary
-- threshold: days = 30 days — Within how many days the disk must be full to be reported.
-- threshold: critical_days = 7 days — Within how many days it is critical.
-- meaning: If the databases of the server go on growing as they did, they fill the disk whose size the configuration gives
--   (targets.NAME.disk-size). The write-ahead log, temporary files, and databases whose size the role may not see are not in: the
--   disk is full earlier than that. Without a size in the configuration nothing is reported.
-- remedy: "caretaker growth" shows what grows. Remove what need not stay (retention policies, and partitions, which give their space
--   back at once), rewrite what is bloated ("caretaker vacuum --full", or "reindex"), or make the disk larger.
SELECT 'database' AS object_kind,
       g.database AS object_name,
       CASE WHEN g.state = 'REACHED' OR g.at < now() + make_interval(secs => :critical_days * 86400) THEN 'critical' END AS severity,
       g.bytes AS impact,
       CASE WHEN g.state = 'REACHED'
            THEN format('The databases take %s; the disk has %s.', pg_size_pretty(g.bytes), pg_size_pretty(g."limit"))
            ELSE format('The databases take %s of %s and grow by %s a day; the disk is full on %s, or earlier.', pg_size_pretty(g.bytes),
                        pg_size_pretty(g."limit"), pg_size_pretty(g.per_day), to_char(g.at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
       END AS message,
       jsonb_build_object('bytes', g.bytes, 'disk', g."limit", 'bytes_per_day', g.per_day, 'full', g.at, 'earliest', g.earliest,
                          'latest', g.latest, 'unseen_databases', g.unseen, 'sample', g.taken) AS evidence
FROM jsonb_to_recordset(CAST(:growth AS jsonb) -> 'disks')
     AS g (database text, bytes bigint, "limit" bigint, unseen bigint, taken timestamptz, state text, per_day bigint, at timestamptz,
           earliest timestamptz, latest timestamptz)
WHERE g.state = 'REACHED'
   OR (g.state = 'EXPECTED' AND g.at < now() + make_interval(secs => greatest(:days, :critical_days) * 86400))
