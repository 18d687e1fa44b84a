-- id: partitioned-never-analyzed
-- title: Partitioned tables that were never analyzed
-- category: tables
-- severity: warning
-- confidence: certain
-- impact: rows
-- reads: primary
-- meaning: Autovacuum analyzes partitions but never their parent. Without statistics of the whole the planner guesses how
--   many rows joins and groupings over the partitioned table give.
-- remedy: Analyze the parent regularly; it samples all partitions.
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       t.rows AS impact,
       format('Partitioned table %I.%I was never analyzed as a whole.', n.nspname, c.relname) AS message,
       jsonb_build_object('partitions', t.partitions, 'rows', t.rows) AS evidence,
       format('ANALYZE %I.%I;', n.nspname, c.relname) AS remediation
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    WITH RECURSIVE parts AS (
        SELECT h.inhrelid AS part FROM pg_inherits h WHERE h.inhparent = c.oid
        UNION ALL
        SELECT h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.part)
    SELECT count(*) AS partitions, coalesce(sum(greatest(l.reltuples::bigint, pg_stat_get_live_tuples(l.oid), 0)), 0)::bigint AS rows
    FROM parts p
    JOIN pg_class l ON l.oid = p.part AND l.relkind = 'r') t
WHERE c.relkind = 'p'
  AND NOT c.relispartition
  AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  -- since 14 ANALYZE notes the rows of the whole at the parent; nothing else does
  AND c.reltuples < 0
  AND t.rows > 0
