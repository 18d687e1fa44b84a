-- The partitions of a partition, with their bounds as the server writes them.
SELECT n.nspname                                 AS schema_name,
       c.relname                                 AS table_name,
       pg_catalog.pg_get_expr(c.relpartbound, 0) AS bound,
       c.relkind = 'p'                           AS is_partitioned
  FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE i.inhparent = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND NOT i.inhdetachpending
 ORDER BY c.oid
