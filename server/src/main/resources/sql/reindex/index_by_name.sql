-- The index of that name on a table.
SELECT c.oid AS oid, i.indisvalid AS valid, pg_catalog.pg_relation_size(c.oid) AS bytes
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE i.indrelid = CAST(? AS pg_catalog.oid)
   AND n.nspname = ?
   AND c.relname = ?
