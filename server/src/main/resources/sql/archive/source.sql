-- The table whose rows are archived, and where it is.
SELECT n.nspname,
       c.relname,
       pg_catalog.current_database()                                                 AS database,
       (SELECT system_identifier FROM pg_catalog.pg_control_system())                AS system_identifier,
       pg_catalog.current_setting('server_version')                                  AS server_version,
       pg_catalog.current_setting('server_encoding')                                 AS encoding,
       pg_catalog.pg_get_expr(c.relpartbound, c.oid)                                 AS bound,
       pn.nspname                                                                    AS parent_schema,
       p.relname                                                                     AS parent_name,
       CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END        AS partition_key
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
  LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
 WHERE c.oid = CAST(? AS bigint)::oid
