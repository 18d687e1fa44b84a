-- id: partition-large
-- title: Very large partitions
-- category: partitions
-- severity: info
-- confidence: certain
-- impact: bytes
-- reads: primary
-- threshold: min_bytes = 214748364800 bytes — Size with indexes and TOAST from which a partition is reported.
-- meaning: Vacuum, reindex, backup and archiving work partition by partition; above this size each takes very long, and a
--   retention by whole partitions is coarse. The size of a part that somebody has locked is the catalog's last figure.
-- remedy: Choose a finer interval for the partitions to come.
WITH partitions AS (
    SELECT c.oid, c.relname, n.nspname, c.relpages, c.reltuples, c.reltoastrelid, h.inhparent
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_inherits h ON h.inhrelid = c.oid
    WHERE c.relispartition
      AND c.relkind = 'r'
      AND c.relpersistence <> 't'
), parts AS (
    SELECT oid AS partition, oid AS relation FROM partitions
    UNION ALL
    SELECT p.oid, p.reltoastrelid FROM partitions p WHERE p.reltoastrelid <> 0
    UNION ALL
    SELECT p.oid, i.indexrelid FROM partitions p JOIN pg_index i ON i.indrelid IN (p.oid, p.reltoastrelid)
), sizes AS (
    SELECT p.partition,
           -- what was small when last counted is taken at that: opening every relation costs the server memory
           sum(CASE WHEN c.oid = ANY (:locked) OR (c.relpages > 0 AND l.bytes * 16 < :min_bytes) THEN l.bytes
                    ELSE coalesce(pg_relation_size(c.oid), 0) END) AS bytes,
           count(*) FILTER (WHERE c.oid = ANY (:locked)) AS estimated
    FROM parts p
    JOIN pg_class c ON c.oid = p.relation
    CROSS JOIN LATERAL (SELECT c.relpages * current_setting('block_size')::bigint AS bytes) l
    GROUP BY p.partition
)
SELECT 'partition' AS object_kind,
       p.nspname AS schema_name,
       p.relname AS object_name,
       s.bytes AS impact,
       CASE WHEN s.estimated > 0 THEN 'estimated' END AS confidence,
       format('Partition %I.%I takes %s.', p.nspname, p.relname, pg_size_pretty(s.bytes)) AS message,
       jsonb_build_object('table', format('%I.%I', n.nspname, t.relname), 'bytes', s.bytes, 'rows', p.reltuples) AS evidence
FROM sizes s
JOIN partitions p ON p.oid = s.partition
JOIN pg_class t ON t.oid = p.inhparent
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE s.bytes >= :min_bytes
