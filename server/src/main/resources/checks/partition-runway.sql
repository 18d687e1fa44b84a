-- id: partition-runway
-- title: Partitions run out
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- threshold: min_intervals = 2 intervals — Fewest intervals ahead of now for which partitions must exist.
-- meaning: The newest partition of a table ends soon, or has ended. Rows beyond it are refused, or go to the default
--   partition, from where they are hard to move. The interval is the width that half of the partitions do not exceed, at
--   most a year; a partition that is the only one has lasted as long as its first interval. With a time as the key, bounds
--   without a time zone are read as UTC, and it is critical when there is no room for the rows of now and no default. With a
--   number as the key, what counts is how many intervals are left above the highest partition that holds rows, or, if that
--   is much wider than the others, above the highest number that the last ANALYZE saw: an estimate. A sub-partitioned table
--   that is covered to its own end is complete, and so is one that ends where the integer type of its key does. Partitions
--   for infinity, or for the last values of a type, are not counted. A table whose partition set lacks none is looked after: upkeep
--   creates the next one in time, and what a set lacks is found.
-- remedy: Create partitions ahead of time, regularly; a partition set does (caretaker partitions sets suggest).
WITH ranges AS MATERIALIZED (
    SELECT r.*, r.ends - r.starts AS width, r.starts > '-Infinity' AND r.ends < 'Infinity' AS bounded
    FROM (@range_partitions@) r
), rhythms AS (
    SELECT parent, count(*) AS partitions, percentile_disc(0.5) WITHIN GROUP (ORDER BY width) AS width
    FROM ranges
    WHERE bounded
    GROUP BY parent
), newest AS (
    SELECT DISTINCT ON (parent) * FROM ranges WHERE NOT remote ORDER BY parent, ends DESC
), filled AS (
    SELECT DISTINCT ON (r.parent) r.parent, r.partition, r.column_name, r.starts, r.ends, r.width
    FROM ranges r
    WHERE NOT r.timed
      AND NOT r.remote
      AND EXISTS (
          WITH RECURSIVE parts AS (
              SELECT r.partition AS part
              UNION ALL
              SELECT h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.part)
          SELECT FROM parts p
          JOIN pg_class c ON c.oid = p.part
          WHERE c.relkind = 'r' AND (c.reltuples > 0 OR pg_stat_get_live_tuples(c.oid) > 0))
    ORDER BY r.parent, r.ends DESC
), reached AS (
    SELECT f.parent, least(f.ends, coalesce(v.highest, f.ends)) AS position
    FROM filled f
    JOIN rhythms y ON y.parent = f.parent
    LEFT JOIN LATERAL (
        SELECT max(m.value::numeric) AS highest
        FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = f.column_name
        CROSS JOIN LATERAL (
            SELECT unnest(s.histogram_bounds::text::text[]) AS value
            UNION ALL SELECT unnest(s.most_common_vals::text::text[])) m
        WHERE c.oid = f.partition
          AND m.value NOT IN ('NaN', 'Infinity', '-Infinity')
          AND (y.partitions = 1 OR f.width >= 10 * y.width)) v ON true
), judged AS (
    SELECT n.*, k.partdefid <> 0 AS has_default, a.ahead,
           CASE WHEN y.partitions > 1 AND n.timed THEN least(y.width, 31557600)
                WHEN y.partitions > 1 THEN y.width
                WHEN n.timed THEN least(n.width, greatest(m.now - n.starts, 1), 31557600)
                ELSE least(n.width, greatest(f.position - n.starts, 1)) END AS interval
    FROM newest n
    CROSS JOIN (SELECT extract(epoch FROM clock_timestamp()) AS now) m
    JOIN pg_partitioned_table k ON k.partrelid = n.parent
    JOIN rhythms y ON y.parent = n.parent
    LEFT JOIN reached f ON f.parent = n.parent
    CROSS JOIN LATERAL (SELECT n.ends - CASE WHEN n.timed THEN m.now ELSE f.position END AS ahead) a
    WHERE n.ends < 'Infinity'
      AND NOT coalesce(n.ends_at_type, false)
      AND NOT EXISTS (
          SELECT FROM ranges own
          WHERE own.partition = n.parent AND own.column_name = n.column_name AND own.ends <= n.ends)
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       CASE WHEN j.timed AND j.ahead < 0 AND NOT j.has_default THEN 'critical' END AS severity,
       CASE WHEN NOT j.timed THEN 'estimated' END AS confidence,
       CASE WHEN j.timed THEN greatest(0, -j.ahead) ELSE 0 END AS impact,
       CASE WHEN j.timed AND j.ahead < 0
            THEN format('Table %I.%I has had no partition for new rows since %s.', n.nspname, c.relname, j.ends_text)
            WHEN j.timed
            THEN format('The partitions of table %I.%I end at %s, in %s intervals.', n.nspname, c.relname, j.ends_text,
                        round(j.ahead / j.interval, 1))
            ELSE format('The partitions of table %I.%I end at %s, %s intervals above the last one that holds rows.',
                        n.nspname, c.relname, j.ends_text, round(j.ahead / j.interval, 1))
       END AS message,
       jsonb_build_object('until', j.ends_text, 'intervals', round(j.ahead / j.interval, 2),
                          'interval', CASE WHEN j.timed THEN to_jsonb(make_interval(secs => j.interval::float8))
                                           ELSE to_jsonb(j.interval) END,
                          'default_partition', j.has_default) AS evidence
FROM judged j
JOIN pg_class c ON c.oid = j.parent
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE j.ahead < :min_intervals * j.interval
  AND c.relpersistence <> 't'
  AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset(:partition_sets) AS s
             (schema text, "table" text, problem text, uncovered text, missing bigint, paused boolean)
      WHERE s.schema = n.nspname AND s."table" = c.relname
        AND s.problem IS NULL AND s.uncovered IS NULL AND s.missing = 0 AND NOT s.paused)
