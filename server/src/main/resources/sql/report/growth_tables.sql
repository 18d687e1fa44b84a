-- Sizes and rows of all tables, partitions counted with theirs: the largest one by one, and the others as one row without a
-- name. Ranked by what the catalog knows, which touches no relation; only of the largest the parts are measured, which takes
-- a lock on each, so not those that somebody has or wants for himself alone, and so many in all. No part of these is left to
-- the catalog's last figure without the row saying so. Free space and visibility maps are not in.
WITH RECURSIVE tree AS MATERIALIZED (
    SELECT c.oid AS root, c.oid AS member, c.relkind, c.relpages, c.reltuples, c.reltoastrelid
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'p')
      AND NOT c.relispartition
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
      AND (pg_catalog.cardinality(?::text[]) = 0 OR n.nspname = ANY (?::text[]))
    UNION ALL
    SELECT t.root, c.oid, c.relkind, c.relpages, c.reltuples, c.reltoastrelid
    FROM tree t
    JOIN pg_catalog.pg_inherits h ON h.inhparent = t.member
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition
), counted AS MATERIALIZED (
    SELECT t.root,
           -- a table that has no counters, as after a crash, has what it was last analyzed with
           sum(CASE WHEN l.live = 0 AND l.inserted = 0 AND l.deleted = 0 AND l.dead = 0
                    THEN greatest(t.reltuples, 0) ELSE l.live END)::bigint AS "rows",
           sum(l.dead)::bigint AS dead,
           sum(l.inserted)::bigint AS inserted,
           sum(l.deleted)::bigint AS deleted
    FROM tree t
    CROSS JOIN LATERAL (
        SELECT pg_catalog.pg_stat_get_live_tuples(t.member) AS live,
               pg_catalog.pg_stat_get_dead_tuples(t.member) AS dead,
               pg_catalog.pg_stat_get_tuples_inserted(t.member) AS inserted,
               pg_catalog.pg_stat_get_tuples_deleted(t.member) AS deleted) l
    WHERE t.relkind NOT IN ('p', 'f')
    GROUP BY t.root
), parts AS MATERIALIZED (
    SELECT root, member AS oid, relpages, 'heap' AS part FROM tree WHERE relkind NOT IN ('p', 'f')
    UNION ALL
    SELECT t.root, x.oid, x.relpages, 'index'
    FROM tree t
    JOIN pg_catalog.pg_index i ON i.indrelid = t.member
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i'
    UNION ALL
    SELECT t.root, x.oid, x.relpages, 'toast' FROM tree t JOIN pg_catalog.pg_class x ON x.oid = t.reltoastrelid
    UNION ALL
    SELECT t.root, x.oid, x.relpages, 'toast'
    FROM tree t
    JOIN pg_catalog.pg_index i ON i.indrelid = t.reltoastrelid
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
), ranked AS MATERIALIZED (
    -- what was never vacuumed or analyzed has no pages in the catalog: taken at a hundred rows a page
    SELECT p.root,
           row_number() OVER (ORDER BY greatest(sum(p.relpages), max(c."rows") / 100) DESC, p.root) <= ? AS large
    FROM parts p
    LEFT JOIN counted c ON c.root = p.root
    GROUP BY p.root
), locked AS MATERIALIZED (
    SELECT DISTINCT l.relation
    FROM pg_catalog.pg_locks l
    WHERE l.locktype = 'relation'
      AND l.mode = 'AccessExclusiveLock'
      AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
      AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
), measured AS MATERIALIZED (
    SELECT w.oid, pg_catalog.pg_relation_size(w.oid) AS bytes
    FROM (SELECT p.oid
          FROM parts p
          JOIN ranked r ON r.root = p.root AND r.large
          WHERE NOT EXISTS (SELECT FROM locked l WHERE l.relation = p.oid)
          ORDER BY p.relpages DESC
          LIMIT ?) w
), sized AS (
    SELECT p.root,
           coalesce(sum(b.bytes) FILTER (WHERE p.part = 'heap'), 0)::bigint AS heap,
           coalesce(sum(b.bytes) FILTER (WHERE p.part = 'index'), 0)::bigint AS index,
           coalesce(sum(b.bytes) FILTER (WHERE p.part = 'toast'), 0)::bigint AS toast,
           bool_or(m.bytes IS NULL) AS estimated
    FROM parts p
    LEFT JOIN measured m ON m.oid = p.oid
    CROSS JOIN LATERAL (
        SELECT coalesce(m.bytes, p.relpages * pg_catalog.current_setting('block_size')::bigint) AS bytes) b
    GROUP BY p.root
)
SELECT n.nspname AS schema_name, c.relname AS table_name, 1::bigint AS tables,
       s.heap, s.index, s.toast, coalesce(t."rows", 0) AS "rows", coalesce(t.dead, 0) AS dead,
       coalesce(t.inserted, 0) AS inserted, coalesce(t.deleted, 0) AS deleted, s.estimated
FROM sized s
JOIN ranked r ON r.root = s.root AND r.large
JOIN pg_catalog.pg_class c ON c.oid = s.root
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN counted t ON t.root = s.root
UNION ALL
SELECT NULL, NULL, count(*), coalesce(sum(s.heap), 0)::bigint, coalesce(sum(s.index), 0)::bigint,
       coalesce(sum(s.toast), 0)::bigint, coalesce(sum(t."rows"), 0)::bigint, coalesce(sum(t.dead), 0)::bigint,
       coalesce(sum(t.inserted), 0)::bigint, coalesce(sum(t.deleted), 0)::bigint, true
FROM sized s
JOIN ranked r ON r.root = s.root AND NOT r.large
LEFT JOIN counted t ON t.root = s.root
