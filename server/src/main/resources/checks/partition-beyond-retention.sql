-- id: partition-beyond-retention
-- title: Partitions that a policy should have dropped
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: bytes
-- threshold: grace_seconds = 86400 seconds — How long a partition may outlive its retention.
-- meaning: All rows that the partition can hold are older than a policy without a filter keeps them, and the policy's time
--   column (a time, or an integer that counts it) is the partition key, at whatever level; so the cleanup is not run, or
--   fails.
-- remedy: Plan and execute the policy, and schedule it.
WITH RECURSIVE policies AS (
    SELECT p.*
    FROM jsonb_to_recordset(CAST(:policies AS jsonb))
         AS p (name text, schema text, "table" text, time_column text, zone text, per_second numeric, filtered boolean,
               cutoff timestamptz)
    WHERE NOT p.filtered
), trees AS (
    SELECT p.name, c.oid AS parent
    FROM policies p
    JOIN pg_namespace n ON n.nspname = p.schema
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p."table" AND c.relkind = 'p'
    UNION ALL
    SELECT t.name, h.inhrelid
    FROM trees t
    JOIN pg_inherits h ON h.inhparent = t.parent
    JOIN pg_class c ON c.oid = h.inhrelid AND c.relkind = 'p'
), bounds AS (
    SELECT p.name, p.cutoff, p.zone, p.per_second, h.inhrelid, a.atttypid AS type,
           regexp_match(pg_get_expr(c.relpartbound, 0), $re$^FOR VALUES FROM \(.*\) TO \('?([^'()]*)'?\)$$re$) AS bound
    FROM policies p
    JOIN trees x ON x.name = p.name
    JOIN pg_partitioned_table t ON t.partrelid = x.parent AND t.partstrat = 'r' AND t.partnatts = 1
    JOIN pg_attribute a ON a.attrelid = x.parent AND a.attnum = t.partattrs[0] AND a.attname = p.time_column
    JOIN pg_inherits h ON h.inhparent = x.parent AND NOT h.inhdetachpending
    JOIN pg_class c ON c.oid = h.inhrelid
), late AS (
    SELECT b.*, extract(epoch FROM b.cutoff - e.ends) AS seconds
    FROM bounds b
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bound[1] = 'MAXVALUE' THEN NULL
                    WHEN type = 'timestamptz'::regtype THEN bound[1]::timestamptz
                    WHEN type IN ('timestamp'::regtype, 'date'::regtype)
                    THEN bound[1]::timestamp AT TIME ZONE coalesce(b.zone, 'UTC')
                    WHEN type IN ('int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
                    THEN to_timestamp((bound[1]::numeric / b.per_second)::float8) END AS ends) e
)
SELECT 'partition' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       l.name AS object_key,
       s.bytes AS impact,
       format('Policy %s should have dropped partition %I.%I %s days ago.', l.name, n.nspname, c.relname,
              round((l.seconds / 86400)::numeric, 1)) AS message,
       jsonb_build_object('policy', l.name, 'until', l.bound[1], 'cutoff', l.cutoff, 'days_late',
                          round((l.seconds / 86400)::numeric, 1), 'bytes', s.bytes, 'rows', c.reltuples) AS evidence
FROM late l
JOIN pg_class c ON c.oid = l.inhrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    WITH RECURSIVE parts AS (
        SELECT c.oid AS part
        UNION ALL
        SELECT h.inhrelid FROM parts p JOIN pg_inherits h ON h.inhparent = p.part)
    SELECT coalesce(sum(CASE WHEN f.oid = ANY (:locked) THEN f.relpages * current_setting('block_size')::bigint
                             ELSE pg_relation_size(f.oid) END), 0) AS bytes
    FROM parts p
    JOIN pg_class f ON f.oid = p.part AND f.relkind = 'r') s
WHERE l.seconds > :grace_seconds
