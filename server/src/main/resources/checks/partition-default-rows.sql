-- id: partition-default-rows
-- title: Rows in a default partition
-- category: partitions
-- severity: warning
-- confidence: estimated
-- impact: rows
-- reads: primary
-- blocks: cleanup
-- threshold: min_rows = 1 rows — Fewest rows that are reported.
-- meaning: Rows for which no partition existed went to the default partition. They keep the partition that they belong to
--   from being created, retention by partition does not reach them, and a default partition forbids DETACH CONCURRENTLY.
-- remedy: Move the rows out in batches, in one transaction each with the creation of their partition, and find out why the
--   partition was missing.
SELECT 'partition' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       r.rows AS impact,
       CASE WHEN r.rows < greatest(:min_rows, 1) THEN 'heuristic' END AS confidence,
       CASE WHEN r.rows < greatest(:min_rows, 1)
            THEN format('Default partition %I.%I takes %s, but was never analyzed.', n.nspname, c.relname, pg_size_pretty(r.bytes))
            ELSE format('Default partition %I.%I of table %I.%I holds about %s.', n.nspname, c.relname, pn.nspname,
                        parent.relname, to_char(r.rows, 'FM999,999,999,999,990') || CASE r.rows WHEN 1 THEN ' row' ELSE ' rows' END)
       END AS message,
       jsonb_build_object('table', format('%I.%I', pn.nspname, parent.relname), 'rows', r.rows, 'bytes', r.bytes) AS evidence
FROM pg_partitioned_table p
JOIN pg_class c ON c.oid = p.partdefid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class parent ON parent.oid = p.partrelid
JOIN pg_namespace pn ON pn.oid = parent.relnamespace
-- the default may itself be partitioned
CROSS JOIN LATERAL (
    WITH RECURSIVE parts AS (
        SELECT c.oid AS part
        UNION ALL
        SELECT h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.part)
    SELECT coalesce(sum(greatest(l.reltuples::bigint, s.n_live_tup, 0)), 0) AS rows,
           sum(CASE WHEN l.oid = ANY (:locked) THEN l.relpages * current_setting('block_size')::bigint
                    ELSE coalesce(pg_relation_size(l.oid), 0) END)::bigint AS bytes,
           bool_and(l.reltuples < 0 AND coalesce(s.n_tup_ins, 0) = 0) AS unknown
    FROM parts p
    JOIN pg_class l ON l.oid = p.part AND l.relkind = 'r'
    LEFT JOIN pg_stat_all_tables s ON s.relid = l.oid) r
WHERE c.relpersistence <> 't'
  AND (r.rows >= greatest(:min_rows, 1) OR (r.unknown AND r.bytes > 0))
