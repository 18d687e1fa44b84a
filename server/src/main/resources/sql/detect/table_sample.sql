-- Size and row counts of every table that is worth it; partitions are counted with their table. By what the catalog
-- knows, without touching a relation.
WITH RECURSIVE tree AS (
    SELECT c.oid AS root, c.oid AS member
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm', 'p')
      AND NOT c.relispartition
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT t.root, h.inhrelid
    FROM tree t
    JOIN pg_catalog.pg_inherits h ON h.inhparent = t.member
    JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relispartition
), pages AS (
    SELECT i.indrelid AS relation, sum(x.relpages) AS pages
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    GROUP BY i.indrelid
), sized AS (
    SELECT t.root,
           sum(greatest(c.relpages, 0) + coalesce(toast.relpages, 0) + coalesce(p.pages, 0) + coalesce(tp.pages, 0))
           * current_setting('block_size')::bigint AS bytes,
           coalesce(sum(s.n_live_tup) FILTER (WHERE c.relkind <> 'p'), 0)::bigint AS "rows",
           coalesce(sum(s.n_tup_ins) FILTER (WHERE c.relkind <> 'p'), 0)::bigint AS inserted
    FROM tree t
    JOIN pg_catalog.pg_class c ON c.oid = t.member
    LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid
    LEFT JOIN pages p ON p.relation = c.oid
    LEFT JOIN pages tp ON tp.relation = toast.oid
    LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
    GROUP BY t.root
)
SELECT coalesce(jsonb_agg(jsonb_build_object('taken', CAST(? AS text), 'schema', n.nspname, 'name', c.relname,
                                             'bytes', x.bytes, 'rows', x."rows", 'inserted', x.inserted)), '[]')
FROM (SELECT * FROM sized WHERE bytes > 0 OR inserted > 0 ORDER BY bytes DESC LIMIT 20000) x
JOIN pg_catalog.pg_class c ON c.oid = x.root
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
