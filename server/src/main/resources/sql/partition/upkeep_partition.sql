-- A table as it is now, by oid, attached or not. Its size is that of all leaves below it.
SELECT c.oid::pg_catalog.int8                                  AS oid,
       n.nspname                                               AS schema_name,
       c.relname                                               AS table_name,
       coalesce(i.inhparent, 0)::pg_catalog.int8               AS parent_oid,
       coalesce(i.inhdetachpending, false)                     AS pending,
       pg_catalog.pg_get_expr(c.relpartbound, 0)               AS bound,
       pg_catalog.pg_get_partition_constraintdef(c.oid)        AS constraint_sql,
       coalesce(k.partdefid, 0)::pg_catalog.int8               AS parent_default,
       greatest(c.reltuples, 0)::pg_catalog.int8               AS row_estimate,
       (SELECT coalesce(sum(pg_catalog.pg_total_relation_size(leaf.oid)), 0)::pg_catalog.int8
          FROM (SELECT c.oid
                 UNION
                SELECT tree.relid FROM pg_catalog.pg_partition_tree(c.oid) tree) AS leaf) AS bytes
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
  LEFT JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = i.inhparent
 WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
