-- Tables with so much TOAST data that values of a column may be large on average, and their columns that may be stored
-- there. Relations that somebody has locked are taken at the catalog's last figure.
SELECT n.nspname AS schema_name,
       c.relname AS table_name,
       least(100, 100.0 * 1000 / greatest(1, s.heap_bytes / current_setting('block_size')::bigint))::float8 AS sample_percent,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstorage IN ('x', 'e')) AS columns
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
CROSS JOIN LATERAL (
    SELECT CASE WHEN c.oid = ANY (?) THEN c.relpages * current_setting('block_size')::bigint
                ELSE coalesce(pg_relation_size(c.oid), 0) END AS heap_bytes,
           CASE WHEN t.oid = ANY (?) THEN t.relpages * current_setting('block_size')::bigint
                ELSE coalesce(pg_relation_size(t.oid), 0) END AS toast_bytes) s
WHERE c.relkind IN ('r', 'm')
  AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND s.toast_bytes >= 1048576
ORDER BY s.toast_bytes DESC
LIMIT 200
