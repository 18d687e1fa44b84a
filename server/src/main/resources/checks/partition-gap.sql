-- id: partition-gap
-- title: Gaps between partitions
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: none
-- meaning: Between two neighbouring range partitions values are missing. A row that falls into the gap is refused, or goes
--   to the default partition if there is one (then it is only good to know). Only tables partitioned by one column of a
--   number, date or timestamp type are looked at. It is critical when rows of now fall into the gap and there is no
--   default. What lies before a partition for infinity, or for the last values of a type, is no gap: partition-runway
--   tells when the partitions before it end.
-- remedy: Create the missing partition. Where there is a default partition that locks and reads it, and fails if rows of the
--   gap are in it: see partition-default-rows first.
WITH neighbours AS (
    SELECT r.*, lead(r.starts) OVER w AS next_start, lead(r.starts_text) OVER w AS next_starts,
           lead(r.remote) OVER w AS next_remote, lead(r.partition) OVER w AS next_partition
    FROM (@range_partitions@) r
    WINDOW w AS (PARTITION BY r.parent ORDER BY r.starts, r.ends)
), gaps AS (
    SELECT b.parent, b.timed, b.ends AS gap_start, b.next_start AS gap_end, b.ends_text AS ends, b.next_starts,
           c.relname, nc.relname AS next_name, b.starts AS start_rank
    FROM neighbours b
    JOIN pg_class c ON c.oid = b.partition
    JOIN pg_class nc ON nc.oid = b.next_partition
    WHERE b.ends < b.next_start
      -- what lies before a partition for "for ever" is all the time to come: see partition-runway
      AND NOT b.next_remote
), stems AS (
    -- names for the missing partitions: of the table and the bound, without midnight and zone, no longer than a name may be
    SELECT g.*, n.oid AS namespace, n.nspname, c.relname AS table_name, p.partdefid <> 0 AS has_default,
           (SELECT left(c.relname, max(l.letters)) FROM generate_series(1, length(c.relname)) AS l (letters)
            WHERE octet_length(left(c.relname, l.letters)) <= current_setting('max_identifier_length')::int - length(b.tail) - 4)
           || b.tail AS stem
    FROM gaps g
    JOIN pg_class c ON c.oid = g.parent
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_partitioned_table p ON p.partrelid = g.parent
    CROSS JOIN LATERAL (
        SELECT '_gap_' || left(regexp_replace(regexp_replace(g.ends, '( 00:00:00|(:[0-9.]+))([+-][0-9:]+)?$', '\2'),
                                        '[^0-9]+', '_', 'g'), 40)
               AS tail) b
    WHERE c.relpersistence <> 't'
), named AS (
    -- the first that nothing has yet; a relation's name is that of a type too
    SELECT s.*,
           (SELECT f.name
            FROM (SELECT x.number, s.stem || CASE WHEN x.number > 1 THEN '_n' || x.number ELSE '' END AS name
                  FROM generate_series(1, 99) AS x (number)) f
            WHERE NOT EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = s.namespace AND o.relname = f.name)
              AND NOT EXISTS (SELECT FROM pg_type o WHERE o.typnamespace = s.namespace AND o.typname = f.name)
            ORDER BY f.number
            LIMIT 1 OFFSET s.before) AS name
    FROM (SELECT t.*, row_number() OVER (PARTITION BY namespace, stem ORDER BY parent, start_rank) - 1 AS before FROM stems t) s
)
SELECT 'table' AS object_kind,
       g.nspname AS schema_name,
       g.table_name AS object_name,
       g.ends AS object_key,
       CASE WHEN g.has_default THEN 'info'
            WHEN g.timed AND m.now >= g.gap_start AND m.now < g.gap_end THEN 'critical'
       END AS severity,
       format('Table %I.%I has no partition from %s to %s.', g.nspname, g.table_name, g.ends, g.next_starts) AS message,
       jsonb_build_object('from', g.ends, 'to', g.next_starts, 'after', g.relname, 'before', g.next_name,
                          'default_partition', g.has_default) AS evidence,
       CASE WHEN NOT g.has_default
            THEN format('CREATE TABLE %I.%I PARTITION OF %I.%I FOR VALUES FROM (%L) TO (%L);', g.nspname, g.name, g.nspname,
                        g.table_name, g.ends, g.next_starts)
       END AS remediation
FROM named g
CROSS JOIN (SELECT extract(epoch FROM clock_timestamp()) AS now) m
