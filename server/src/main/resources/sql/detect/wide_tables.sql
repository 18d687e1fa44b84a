-- Tables with so much TOAST data that values of a column may be large on average, and their columns that may be stored
-- there. Relations that somebody has locked are taken at the catalog's last figure. ascii: whether all these names are.
WITH wide AS MATERIALIZED (
    SELECT c.oid, c.relname, c.relnamespace, c.relpages, t.bytes
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid
    CROSS JOIN LATERAL (
        SELECT CASE WHEN toast.oid = ANY (?) THEN toast.relpages * current_setting('block_size')::bigint
                    ELSE coalesce(pg_catalog.pg_relation_size(toast.oid), 0) END AS bytes) t
    WHERE c.relkind IN ('r', 'm')
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
      AND t.bytes >= 1048576
    ORDER BY t.bytes DESC
    LIMIT 200
)
SELECT n.nspname AS schema_name,
       w.relname AS table_name,
       concat(n.nspname, w.relname,
              (SELECT string_agg(a.attname::text, '')
               FROM pg_catalog.pg_attribute a
               WHERE a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage IN ('x', 'e')))
           ~ '^[\x01-\x7f]*$' AS ascii,
       least(100, 100.0 * 1000 / greatest(1, s.pages))::float8 AS sample_percent,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = w.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage IN ('x', 'e')) AS columns
FROM wide w
JOIN pg_catalog.pg_namespace n ON n.oid = w.relnamespace
CROSS JOIN LATERAL (
    SELECT CASE WHEN w.oid = ANY (?) THEN w.relpages
                ELSE coalesce(pg_catalog.pg_relation_size(w.oid), 0) / current_setting('block_size')::bigint END AS pages) s
ORDER BY w.bytes DESC
