-- A partition as it is now, by oid, whether attached or not. Its size is that of all leaves below it.
SELECT n.nspname                          AS schema,
       c.relname                          AS name,
       p.oid::bigint                      AS parent_oid,
       pn.nspname                         AS parent_schema,
       p.relname                          AS parent_name,
       coalesce(i.inhdetachpending, false) AS pending,
       coalesce(t.partdefid <> 0, false)  AS parent_has_default,
       pg_catalog.pg_get_partition_constraintdef(c.oid) AS bounds,
       pg_catalog.pg_get_expr(c.relpartbound, c.oid)    AS bound,
       ARRAY(SELECT CAST(con.oid AS bigint)
               FROM pg_catalog.pg_constraint con
              WHERE con.conrelid = c.oid AND con.contype = 'c'
              ORDER BY con.oid)           AS checks,
       (SELECT sn.nspname
          FROM pg_catalog.pg_inherits si
          JOIN pg_catalog.pg_class sc ON sc.oid = si.inhrelid
          JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
         WHERE si.inhparent = p.oid AND si.inhdetachpending AND si.inhrelid <> c.oid) AS pending_schema,
       (SELECT sc.relname
          FROM pg_catalog.pg_inherits si
          JOIN pg_catalog.pg_class sc ON sc.oid = si.inhrelid
         WHERE si.inhparent = p.oid AND si.inhdetachpending AND si.inhrelid <> c.oid) AS pending_name,
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
