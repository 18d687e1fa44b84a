-- id: partition-runway
-- title: Partitions run out
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: seconds
-- threshold: min_intervals = 2 intervals — Fewest intervals ahead of now for which partitions must exist.
-- meaning: Of a table partitioned by time the newest partition ends soon, or has ended. Rows beyond it are refused, or go
--   to the default partition, from where they are hard to move. The interval is the width of the newest partition. Bounds
--   without a time zone are read as UTC. It is critical when there is no room for the rows of now and no default.
-- remedy: Create partitions ahead of time, regularly.
WITH bounds AS (
    SELECT h.inhparent AS parent,
           CASE WHEN a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
                THEN regexp_match(pg_get_expr(c.relpartbound, 0), $re$^FOR VALUES FROM \((.*)\) TO \((.*)\)$$re$) END AS bound
    FROM pg_inherits h
    JOIN pg_class c ON c.oid = h.inhrelid
    JOIN pg_partitioned_table p ON p.partrelid = h.inhparent AND p.partstrat = 'r' AND p.partnatts = 1
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE NOT h.inhdetachpending
), ends AS (
    SELECT parent,
           CASE WHEN bound[1] NOT IN ('MINVALUE', 'MAXVALUE') THEN btrim(bound[1], '''')::timestamptz END AS starts,
           CASE bound[2] WHEN 'MAXVALUE' THEN 'infinity' ELSE btrim(bound[2], '''')::timestamptz END AS ends
    FROM bounds
    WHERE bound IS NOT NULL
), newest AS (
    SELECT DISTINCT ON (parent) parent, starts, ends,
           CASE WHEN isfinite(starts) AND isfinite(ends) THEN ends - starts END AS width
    FROM ends
    ORDER BY parent, ends DESC
), judged AS (
    SELECT n.*, p.partdefid <> 0 AS has_default,
           extract(epoch FROM n.ends) - extract(epoch FROM clock_timestamp()) AS seconds,
           (extract(epoch FROM n.ends) - extract(epoch FROM clock_timestamp()))
           / nullif(extract(epoch FROM n.width), 0) AS intervals
    FROM newest n
    JOIN pg_partitioned_table p ON p.partrelid = n.parent
    -- one that has no end, or no beginning, has no interval to count in
    WHERE n.width IS NOT NULL
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       CASE WHEN j.seconds < 0 AND NOT j.has_default THEN 'critical' END AS severity,
       greatest(0, j.intervals * -1) * extract(epoch FROM j.width) AS impact,
       CASE WHEN j.seconds < 0
            THEN format('Table %I.%I has had no partition for new rows since %s.', n.nspname, c.relname, j.ends)
            ELSE format('The partitions of table %I.%I end at %s, in %s intervals.', n.nspname, c.relname, j.ends,
                        round(j.intervals::numeric, 1))
       END AS message,
       jsonb_build_object('until', j.ends, 'intervals', round(j.intervals::numeric, 2), 'interval', j.width,
                          'default_partition', j.has_default) AS evidence
FROM judged j
JOIN pg_class c ON c.oid = j.parent
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE j.intervals < :min_intervals
  AND c.relpersistence <> 't'
