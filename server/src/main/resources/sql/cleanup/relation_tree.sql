-- A relation and all that inherit from it, parents first: partitions at all levels, or old-style inheritance children.
WITH RECURSIVE tree (oid, parent, detach_pending, level) AS (
    SELECT c.oid, CAST(NULL AS oid), false, 0
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ? AND c.relname = ?
  UNION ALL
    SELECT i.inhrelid, i.inhparent, i.inhdetachpending, tree.level + 1
      FROM tree
      JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
), once AS (
    SELECT DISTINCT ON (oid) oid, parent, detach_pending, level FROM tree ORDER BY oid, level
)
SELECT c.oid::bigint AS oid,
       once.parent::bigint AS parent,
       once.detach_pending,
       n.nspname,
       c.relname,
       c.relkind::text AS relkind,
       c.relpersistence = 't' AS temporary,
       c.relispartition AS partition,
       EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN') AS ruled,
       pg_catalog.row_security_active(c.oid) AS row_security_applies,
       c.relrowsecurity AS row_security,
       pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
       pg_catalog.has_table_privilege(c.oid, 'SELECT') AND pg_catalog.has_table_privilege(c.oid, 'DELETE') AS deletable,
       c.reltuples::float8 AS tuples,
       c.relpages::bigint AS pages,
       pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound,
       p.partstrat::text AS strategy,
       coalesce(p.partdefid, 0) <> 0 AS has_default,
       (SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.ordinality)
          FROM pg_catalog.unnest(p.partattrs::int2[]) WITH ORDINALITY AS k (attnum, ordinality)
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0) AS key,
       (SELECT pg_catalog.bool_and(o.opcdefault)
          FROM pg_catalog.unnest(p.partclass::oid[]) AS k (opclass)
          JOIN pg_catalog.pg_opclass o ON o.oid = k.opclass) AS default_order
  FROM once
  JOIN pg_catalog.pg_class c ON c.oid = once.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid
 ORDER BY once.level, n.nspname, c.relname
