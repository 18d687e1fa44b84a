-- id: partition-beyond-retention
-- title: Partitions that a policy should have dropped
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: bytes
-- threshold: grace_seconds = 86400 seconds — How long a partition may outlive its retention.
-- meaning: All rows that the partition can hold are older than a policy without a filter keeps them, and the policy's time
--   column (a time, or an integer that counts it) is the partition key, at whatever level; so the cleanup is not run, or
--   fails. A partition without a lower bound is not reported: its rows are deleted, but it stays; nor are those of a
--   policy that keeps what it deletes, which empties them, and a foreign table, which a cleanup leaves out.
-- remedy: Plan and execute the policy, and schedule it.
WITH RECURSIVE policies AS (
    SELECT p.*
    FROM jsonb_to_recordset(CAST(:policies AS jsonb))
         AS p (name text, schema text, "table" text, time_column text, zone text, per_second numeric, filtered boolean,
               keeps boolean, cutoff timestamptz)
    WHERE NOT p.filtered AND p.keeps IS NOT TRUE
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
), late AS (
    SELECT p.name, p.cutoff, r.partition, r.ends_text, p.cutoff_position - e.ends AS seconds
    FROM (SELECT p.*, extract(epoch FROM p.cutoff) AS cutoff_position FROM policies p) p
    JOIN trees x ON x.name = p.name
    JOIN (@range_partitions@) r ON r.parent = x.parent AND r.column_name = p.time_column
    CROSS JOIN LATERAL (
        -- at the ends of the calendar an offset of some hours is none, and would lead beyond it
        SELECT CASE WHEN r.type IN ('timestamp'::regtype, 'date'::regtype) AND r.ends BETWEEN 0 AND 253402300799
                    THEN extract(epoch FROM r.ends_text::timestamp AT TIME ZONE coalesce(p.zone, 'UTC'))
                    WHEN r.timed THEN r.ends
                    ELSE r.ends / p.per_second END AS ends) e
    WHERE (r.timed OR p.per_second IS NOT NULL)
      -- one without a beginning has room for -infinity, which no policy removes
      AND r.starts > '-Infinity'
)
SELECT 'partition' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       l.name AS object_key,
       s.bytes AS impact,
       format('Policy %s should have dropped partition %I.%I %s days ago.', l.name, n.nspname, c.relname,
              round(l.seconds / 86400, 1)) AS message,
       jsonb_build_object('policy', l.name, 'until', l.ends_text, 'cutoff', l.cutoff, 'days_late',
                          round(l.seconds / 86400, 1), 'bytes', s.bytes, 'rows', c.reltuples) AS evidence
FROM late l
JOIN pg_class c ON c.oid = l.partition AND c.relkind <> 'f'
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
