-- Indexes that amcheck and pgstattuple can read, smallest first by what the catalog knows, without touching any of them.
SELECT c.oid::bigint AS index_oid,
       n.nspname AS schema_name,
       c.relname AS index_name,
       greatest(c.relpages, 0) * current_setting('block_size')::bigint AS index_bytes
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
JOIN pg_catalog.pg_am a ON a.oid = c.relam
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'i'
  AND a.amname = 'btree'
  AND i.indisvalid
  AND i.indisready
  AND c.relpersistence = 'p'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND n.nspname NOT LIKE 'pg\_%'
ORDER BY c.relpages, c.oid
