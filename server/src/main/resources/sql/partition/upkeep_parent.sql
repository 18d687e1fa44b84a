-- A table partitioned by one column, as it is now.
SELECT c.oid::pg_catalog.int8                           AS oid,
       n.nspname                                        AS schema_name,
       c.relname                                        AS table_name,
       a.attname                                        AS key_column,
       pg_catalog.format_type(a.atttypid, -1)           AS key_type,
       coalesce(d.oid, 0)::pg_catalog.int8              AS default_oid,
       dn.nspname                                       AS default_schema,
       d.relname                                        AS default_name,
       CASE WHEN d.relkind = 'r' THEN pg_catalog.pg_relation_size(d.oid) ELSE 0 END AS default_bytes,
       (SELECT pg_catalog.array_agg(DISTINCT CASE WHEN f.conrelid = c.oid THEN f.confrelid ELSE f.conrelid END::pg_catalog.int8)
          FROM pg_catalog.pg_constraint f
         WHERE f.contype = 'f' AND c.oid IN (f.conrelid, f.confrelid)) AS referenced
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = c.oid AND k.partnatts = 1 AND k.partstrat = 'r'
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.partattrs[0] AND a.attnum <> 0
  LEFT JOIN pg_catalog.pg_class d ON d.oid = k.partdefid
  LEFT JOIN pg_catalog.pg_namespace dn ON dn.oid = d.relnamespace
 WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
