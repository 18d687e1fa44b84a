-- id: partition-gap
-- title: Gaps between partitions
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: none
-- meaning: Between two neighbouring range partitions values are missing. A row that falls into the gap is refused, or goes
--   to the default partition if there is one (then it is only good to know). Only tables partitioned by one column of a
--   number, date or timestamp type are looked at. It is critical when rows of now fall into the gap and there is no
--   default.
-- remedy: Create the missing partition. Where there is a default partition that locks and reads it, and fails if rows of the
--   gap are in it: see partition-default-rows first.
WITH bounds AS (
    SELECT h.inhparent AS parent, c.oid, c.relname,
           a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) AS timed,
           regexp_match(pg_get_expr(c.relpartbound, 0), $re$^FOR VALUES FROM \((.*)\) TO \((.*)\)$$re$) AS bound
    FROM pg_inherits h
    JOIN pg_class c ON c.oid = h.inhrelid
    JOIN pg_partitioned_table p ON p.partrelid = h.inhparent AND p.partstrat = 'r' AND p.partnatts = 1
    JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE NOT h.inhdetachpending
      AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype,
                         'int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
), ordered AS (
    SELECT b.*, btrim(bound[1], '''') AS starts, btrim(bound[2], '''') AS ends,
           -- numbers and instants on one scale each, so that bounds can be put in order
           CASE WHEN bound[1] = 'MINVALUE' THEN '-infinity'
                WHEN timed THEN extract(epoch FROM btrim(bound[1], '''')::timestamptz)::float8
                ELSE btrim(bound[1], '''')::numeric::float8 END AS start_rank
    FROM bounds b
    WHERE bound IS NOT NULL
), neighbours AS (
    SELECT o.*,
           lead(starts) OVER w AS next_starts,
           lead(relname) OVER w AS next_name
    FROM ordered o
    WINDOW w AS (PARTITION BY parent ORDER BY start_rank)
), gaps AS (
    SELECT * FROM neighbours
    WHERE next_starts IS NOT NULL
      AND ends <> 'MAXVALUE'
      AND CASE WHEN timed THEN ends::timestamptz < next_starts::timestamptz ELSE ends::numeric < next_starts::numeric END
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
        SELECT '_gap_' || regexp_replace(regexp_replace(g.ends, '( 00:00:00|(:[0-9.]+))([+-][0-9:]+)?$', '\2'), '[^0-9]+', '_', 'g')
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
            WHEN g.timed THEN CASE WHEN clock_timestamp() >= g.ends::timestamptz
                                        AND clock_timestamp() < g.next_starts::timestamptz THEN 'critical' END
       END AS severity,
       format('Table %I.%I has no partition from %s to %s.', g.nspname, g.table_name, g.ends, g.next_starts) AS message,
       jsonb_build_object('from', g.ends, 'to', g.next_starts, 'after', g.relname, 'before', g.next_name,
                          'default_partition', g.has_default) AS evidence,
       CASE WHEN NOT g.has_default
            THEN format('CREATE TABLE %I.%I PARTITION OF %I.%I FOR VALUES FROM (%L) TO (%L);', g.nspname, g.name, g.nspname,
                        g.table_name, g.ends, g.next_starts)
       END AS remediation
FROM named g
