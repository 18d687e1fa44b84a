-- id: partition-runway
-- title: Partitions run out
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- threshold: min_intervals = 2 intervals — Fewest intervals ahead of now for which partitions must exist.
-- meaning: The newest partition of a table ends soon, or has ended. Rows beyond it are refused, or go to the default
--   partition, from where they are hard to move. The interval is the width of the newest partition. With a time as the key,
--   bounds without a time zone are read as UTC, and it is critical when there is no room for the rows of now and no
--   default. With a number as the key, what counts is how many intervals are left above the highest partition that holds
--   rows, an estimate. A sub-partitioned table that is covered to its own end is complete.
-- remedy: Create partitions ahead of time, regularly.
WITH bounds AS (
    SELECT h.inhparent AS parent, h.inhrelid AS partition,
           a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) AS timed,
           regexp_match(pg_get_expr(c.relpartbound, 0), $re$^FOR VALUES FROM \((.*)\) TO \((.*)\)$$re$) AS bound
    FROM pg_inherits h
    JOIN pg_class c ON c.oid = h.inhrelid
    JOIN pg_partitioned_table p ON p.partrelid = h.inhparent AND p.partstrat = 'r' AND p.partnatts = 1
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE NOT h.inhdetachpending
      AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype,
                         'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
), ends AS (
    -- instants in seconds, numbers as they are
    SELECT parent, partition, timed, btrim(bound[2], '''') AS until,
           CASE WHEN bound[1] = 'MINVALUE' THEN '-infinity'
                WHEN timed THEN extract(epoch FROM btrim(bound[1], '''')::timestamptz)::float8
                ELSE btrim(bound[1], '''')::float8 END AS starts,
           CASE WHEN bound[2] = 'MAXVALUE' THEN 'infinity'
                WHEN timed THEN extract(epoch FROM btrim(bound[2], '''')::timestamptz)::float8
                ELSE btrim(bound[2], '''')::float8 END AS ends
    FROM bounds
    WHERE bound IS NOT NULL
), filled AS (
    SELECT e.parent, max(e.ends) AS ends
    FROM ends e
    WHERE NOT e.timed
      AND EXISTS (
          WITH RECURSIVE parts AS (
              SELECT e.partition AS part
              UNION ALL
              SELECT h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.part)
          SELECT FROM parts p
          JOIN pg_class c ON c.oid = p.part
          WHERE c.relkind = 'r' AND (c.reltuples > 0 OR pg_stat_get_live_tuples(c.oid) > 0))
    GROUP BY e.parent
), newest AS (
    SELECT DISTINCT ON (parent) * FROM ends ORDER BY parent, ends DESC
), judged AS (
    SELECT n.*, k.partdefid <> 0 AS has_default, n.ends - n.starts AS width,
           n.ends - CASE WHEN n.timed THEN extract(epoch FROM clock_timestamp())::float8 ELSE f.ends END AS ahead
    FROM newest n
    JOIN pg_partitioned_table k ON k.partrelid = n.parent
    LEFT JOIN filled f ON f.parent = n.parent
    -- one that has no end, or no beginning, has no interval to count in
    WHERE n.starts > '-infinity'
      AND n.ends < 'infinity'
      AND NOT EXISTS (
          SELECT FROM ends own
          JOIN pg_partitioned_table g ON g.partrelid = own.parent
          JOIN pg_attribute ga ON ga.attrelid = g.partrelid AND ga.attnum = g.partattrs[0]
          JOIN pg_attribute ka ON ka.attrelid = k.partrelid AND ka.attnum = k.partattrs[0] AND ka.attname = ga.attname
          WHERE own.partition = n.parent AND own.ends <= n.ends)
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       CASE WHEN j.timed AND j.ahead < 0 AND NOT j.has_default THEN 'critical' END AS severity,
       CASE WHEN NOT j.timed THEN 'estimated' END AS confidence,
       CASE WHEN j.timed THEN greatest(0, -j.ahead) ELSE 0 END AS impact,
       CASE WHEN j.timed AND j.ahead < 0
            THEN format('Table %I.%I has had no partition for new rows since %s.', n.nspname, c.relname, j.until)
            WHEN j.timed
            THEN format('The partitions of table %I.%I end at %s, in %s intervals.', n.nspname, c.relname, j.until,
                        round((j.ahead / j.width)::numeric, 1))
            ELSE format('The partitions of table %I.%I end at %s, %s intervals above the last one that holds rows.',
                        n.nspname, c.relname, j.until, round((j.ahead / j.width)::numeric, 1))
       END AS message,
       jsonb_build_object('until', j.until, 'intervals', round((j.ahead / j.width)::numeric, 2),
                          'interval', CASE WHEN j.timed THEN to_jsonb(make_interval(secs => j.width)) ELSE to_jsonb(j.width) END,
                          'default_partition', j.has_default) AS evidence
FROM judged j
JOIN pg_class c ON c.oid = j.parent
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE j.ahead < :min_intervals * j.width
  AND c.relpersistence <> 't'
