-- A partition as it is now, by oid, whether attached or not. Its size is that of all leaves below it.
SELECT n.nspname                          AS schema,
       c.relname                          AS name,
       p.oid::bigint                      AS parent_oid,
       pn.nspname                         AS parent_schema,
       p.relname                          AS parent_name,
       coalesce(i.inhdetachpending, false) AS pending,
       coalesce(t.partdefid <> 0, false)  AS parent_has_default,
       pg_catalog.pg_get_partition_constraintdef(c.oid) AS bounds,
       (SELECT coalesce(sum(pg_catalog.pg_total_relation_size(leaf.oid)), 0)::bigint
          FROM (SELECT c.oid
                 UNION
                SELECT tree.relid FROM pg_catalog.pg_partition_tree(c.oid) tree) AS leaf) AS bytes
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid
  LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
  LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
  LEFT JOIN pg_catalog.pg_partitioned_table t ON t.partrelid = p.oid
 WHERE c.oid = CAST(? AS pg_catalog.oid)
