-- An index by oid.
SELECT n.nspname AS schema, c.relname AS name, pg_catalog.pg_relation_size(c.oid) AS bytes
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = CAST(? AS pg_catalog.oid)
