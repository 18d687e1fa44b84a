-- Sizes and rows of some tables, partitions counted with them. Parts that somebody has or wants for himself alone are not measured,
-- which would wait for him: for these the catalog's last size is taken.
WITH RECURSIVE tree AS MATERIALIZED (
    SELECT c.oid AS root, w.place, c.oid AS member, c.relkind, c.relpages, c.reltoastrelid
    FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS w (schema_name, table_name, place)
    JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema_name
    JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.table_name AND c.relkind IN ('r', 'm', 'p')
    UNION ALL
    SELECT t.root, t.place, c.oid, c.relkind, c.relpages, c.reltoastrelid
    FROM tree t
    JOIN pg_catalog.pg_inherits h ON h.inhparent = t.member
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition
), parts AS MATERIALIZED (
    SELECT place, member AS oid, relpages, 'heap' AS part FROM tree WHERE relkind NOT IN ('p', 'f')
    UNION ALL
    SELECT t.place, x.oid, x.relpages, 'index'
    FROM tree t
    JOIN pg_catalog.pg_index i ON i.indrelid = t.member
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid AND x.relkind = 'i'
    UNION ALL
    SELECT t.place, x.oid, x.relpages, 'toast' FROM tree t JOIN pg_catalog.pg_class x ON x.oid = t.reltoastrelid
    UNION ALL
    SELECT t.place, x.oid, x.relpages, 'toast'
    FROM tree t
    JOIN pg_catalog.pg_index i ON i.indrelid = t.reltoastrelid
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
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
          WHERE NOT EXISTS (SELECT FROM locked l WHERE l.relation = p.oid)
          ORDER BY p.relpages DESC
          LIMIT ?) w
), sized AS (
    SELECT p.place, sum(coalesce(m.bytes, p.relpages * pg_catalog.current_setting('block_size')::bigint))::bigint AS bytes,
           bool_or(m.bytes IS NULL) AS estimated
    FROM parts p
    LEFT JOIN measured m ON m.oid = p.oid
    GROUP BY p.place
), counted AS (
    SELECT t.place, sum(pg_catalog.pg_stat_get_live_tuples(t.member))::bigint AS "rows",
           sum(pg_catalog.pg_stat_get_dead_tuples(t.member))::bigint AS dead
    FROM tree t
    WHERE t.relkind NOT IN ('p', 'f')
    GROUP BY t.place
)
SELECT r.place, coalesce(s.bytes, 0) AS bytes, coalesce(s.estimated, false) AS estimated, coalesce(c."rows", 0) AS "rows",
       coalesce(c.dead, 0) AS dead
FROM (SELECT DISTINCT place FROM tree) r
LEFT JOIN sized s ON s.place = r.place
LEFT JOIN counted c ON c.place = r.place
