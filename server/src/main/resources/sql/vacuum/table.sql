-- A table by oid: its name now, and its size with TOAST, without indexes.
SELECT n.nspname                             AS schema,
       c.relname                             AS name,
       pg_catalog.pg_table_size(c.oid)       AS bytes
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = CAST(? AS pg_catalog.oid)
