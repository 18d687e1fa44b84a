-- id: table-large
-- title: Tables over a size limit
-- category: tables
-- severity: info
-- confidence: certain
-- impact: bytes
-- reads: primary
-- threshold: min_bytes = 5368709120 bytes — Size with indexes and TOAST from which a table is reported.
-- meaning: The table with its indexes and TOAST data is larger than the limit; the partitions of a partitioned table are
--   counted together. That is not wrong, but from there on maintenance takes its time. Switch the check off by naming it
--   in caretaker.checks.disabled. The size of a part that somebody has locked is the catalog's last figure.
-- remedy: Give the table a retention policy, or partition it.
WITH RECURSIVE tree AS (
    SELECT c.oid AS root, c.oid AS member
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'p')
      AND NOT c.relispartition
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT t.root, h.inhrelid
    FROM tree t
    JOIN pg_inherits h ON h.inhparent = t.member
    JOIN pg_class c ON c.oid = h.inhrelid AND c.relispartition
), parts AS (
    SELECT root, member AS relation, 'heap' AS part FROM tree
    UNION ALL
    SELECT t.root, i.indexrelid, 'index' FROM tree t JOIN pg_index i ON i.indrelid = t.member
    UNION ALL
    SELECT t.root, c.reltoastrelid, 'toast' FROM tree t JOIN pg_class c ON c.oid = t.member WHERE c.reltoastrelid <> 0
    UNION ALL
    SELECT t.root, i.indexrelid, 'toast'
    FROM tree t JOIN pg_class c ON c.oid = t.member JOIN pg_index i ON i.indrelid = c.reltoastrelid
    WHERE c.reltoastrelid <> 0
), sizes AS (
    SELECT p.root,
           sum(b.bytes) AS bytes,
           sum(b.bytes) FILTER (WHERE p.part = 'heap') AS heap_bytes,
           sum(b.bytes) FILTER (WHERE p.part = 'index') AS index_bytes,
           sum(b.bytes) FILTER (WHERE p.part = 'toast') AS toast_bytes,
           count(*) FILTER (WHERE c.oid = ANY (:locked)) AS estimated
    FROM parts p
    JOIN pg_class c ON c.oid = p.relation
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.relkind IN ('p', 'I') THEN 0
                    -- what was small when last counted is taken at that: opening every relation costs the server memory
                    WHEN c.oid = ANY (:locked) OR (c.relpages > 0 AND l.bytes * 16 < :min_bytes) THEN l.bytes
                    ELSE coalesce(pg_relation_size(c.oid), 0) END AS bytes
        FROM (SELECT c.relpages * current_setting('block_size')::bigint AS bytes) l) b
    GROUP BY p.root
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       s.bytes AS impact,
       CASE WHEN s.estimated > 0 THEN 'estimated' END AS confidence,
       format('Table %I.%I takes %s.', n.nspname, c.relname, pg_size_pretty(s.bytes)) AS message,
       jsonb_build_object('bytes', s.bytes, 'heap_bytes', coalesce(s.heap_bytes, 0),
                          'index_bytes', coalesce(s.index_bytes, 0), 'toast_bytes', coalesce(s.toast_bytes, 0),
                          'rows', c.reltuples) AS evidence
FROM sizes s
JOIN pg_class c ON c.oid = s.root
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.bytes >= :min_bytes
