-- The relation of exactly that name. Asked in the application's path, too.
SELECT c.oid, c.relkind
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE n.nspname OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.name) AND c.relname OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.name)
