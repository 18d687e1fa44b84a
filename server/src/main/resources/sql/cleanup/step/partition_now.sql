-- What a table is called now, and whether it is attached to another.
SELECT n.nspname AS schema,
       c.relname AS name,
       EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid OPERATOR(pg_catalog.=) c.oid) AS attached
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE c.oid OPERATOR(pg_catalog.=) CAST(? AS pg_catalog.oid)
