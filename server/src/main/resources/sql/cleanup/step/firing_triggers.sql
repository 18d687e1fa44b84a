-- Triggers of users on the given tables and their partitions, with their functions.
WITH given AS (
    SELECT r.oid
      FROM ROWS FROM (pg_catalog.unnest(CAST(? AS pg_catalog.text[])), pg_catalog.unnest(CAST(? AS pg_catalog.text[])))
           AS named (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname OPERATOR(pg_catalog.=) CAST(named.schema AS pg_catalog.name)
      JOIN pg_catalog.pg_class r ON r.relnamespace OPERATOR(pg_catalog.=) n.oid
                                AND r.relname OPERATOR(pg_catalog.=) CAST(named.name AS pg_catalog.name)
), fired AS (
    SELECT oid FROM given
    UNION
    SELECT p.relid FROM given CROSS JOIN LATERAL pg_catalog.pg_partition_tree(given.oid) p
)
SELECT n.nspname AS schema, c.relname AS name, t.tgname AS trigger, fn.nspname AS function_schema, f.proname AS function
  FROM fired
  JOIN pg_catalog.pg_trigger t ON t.tgrelid OPERATOR(pg_catalog.=) fired.oid
  JOIN pg_catalog.pg_proc f ON f.oid OPERATOR(pg_catalog.=) t.tgfoid
  JOIN pg_catalog.pg_namespace fn ON fn.oid OPERATOR(pg_catalog.=) f.pronamespace
  JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) t.tgrelid
  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
 WHERE NOT t.tgisinternal
   AND t.tgenabled OPERATOR(pg_catalog.<>) 'D'
 ORDER BY t.tgname, c.oid
