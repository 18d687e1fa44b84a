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
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       g.ends AS object_key,
       CASE WHEN p.partdefid <> 0 THEN 'info'
            WHEN g.timed THEN CASE WHEN clock_timestamp() >= g.ends::timestamptz
                                        AND clock_timestamp() < g.next_starts::timestamptz THEN 'critical' END
       END AS severity,
       format('Table %I.%I has no partition from %s to %s.', n.nspname, c.relname, g.ends, g.next_starts) AS message,
       jsonb_build_object('from', g.ends, 'to', g.next_starts, 'after', g.relname, 'before', g.next_name,
                          'default_partition', p.partdefid <> 0) AS evidence,
       CASE WHEN p.partdefid = 0
            THEN format('CREATE TABLE %I.%I PARTITION OF %I.%I FOR VALUES FROM (%L) TO (%L);', n.nspname,
                        left(c.relname, 40) || '_gap_' || regexp_replace(left(g.ends, 10), '[^0-9]+', '_', 'g'),
                        n.nspname, c.relname, g.ends, g.next_starts)
       END AS remediation
FROM gaps g
JOIN pg_class c ON c.oid = g.parent
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_partitioned_table p ON p.partrelid = g.parent
WHERE c.relpersistence <> 't'
