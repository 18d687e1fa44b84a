-- id: partition-beyond-retention
-- title: Partitions that a policy should have dropped
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: bytes
-- threshold: grace_seconds = 86400 seconds — How long a partition may outlive its retention.
-- meaning: All rows that the partition can hold are older than a policy without a filter keeps them, and the policy's time
--   column is the partition key; so the cleanup is not run, or fails.
-- remedy: Plan and execute the policy, and schedule it.
WITH policies AS (
    SELECT p.*
    FROM jsonb_to_recordset(CAST(:policies AS jsonb))
         AS p (name text, schema text, "table" text, time_column text, filtered boolean, cutoff timestamptz)
    WHERE NOT p.filtered
), bounds AS (
    SELECT p.name, p.cutoff, h.inhrelid,
           regexp_match(pg_get_expr(c.relpartbound, 0), $re$^FOR VALUES FROM \((.*)\) TO \('(.*)'\)$$re$) AS bound
    FROM policies p
    JOIN pg_namespace n ON n.nspname = p.schema
    JOIN pg_class parent ON parent.relnamespace = n.oid AND parent.relname = p."table"
    JOIN pg_partitioned_table t ON t.partrelid = parent.oid AND t.partstrat = 'r' AND t.partnatts = 1
    JOIN pg_attribute a ON a.attrelid = parent.oid AND a.attnum = t.partattrs[0] AND a.attname = p.time_column
                       AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype)
    JOIN pg_inherits h ON h.inhparent = parent.oid
    JOIN pg_class c ON c.oid = h.inhrelid
), late AS (
    SELECT b.*, extract(epoch FROM b.cutoff - bound[2]::timestamptz) AS seconds
    FROM bounds b
    WHERE bound IS NOT NULL
)
SELECT 'partition' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       l.name AS object_key,
       s.bytes AS impact,
       format('Policy %s should have dropped partition %I.%I %s days ago.', l.name, n.nspname, c.relname,
              round((l.seconds / 86400)::numeric, 1)) AS message,
       jsonb_build_object('policy', l.name, 'until', l.bound[2], 'cutoff', l.cutoff, 'days_late',
                          round((l.seconds / 86400)::numeric, 1), 'bytes', s.bytes, 'rows', c.reltuples) AS evidence
FROM late l
JOIN pg_class c ON c.oid = l.inhrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.relkind <> 'r' THEN 0
                WHEN c.oid = ANY (:locked) THEN c.relpages * current_setting('block_size')::bigint
                ELSE coalesce(pg_relation_size(c.oid), 0) END AS bytes) s
WHERE l.seconds > :grace_seconds
