-- What depends on a detached table (or a partition of it) and would make DROP fail without CASCADE: views, keys of other tables,
-- functions and columns that use its row type.
-- Parameters: oid of the table, twice.
WITH dropped AS (
    SELECT named.oid FROM (SELECT CAST(? AS pg_catalog.int8)::pg_catalog.oid AS oid) named
    UNION
    SELECT tree.relid
      FROM (SELECT CAST(? AS pg_catalog.int8)::pg_catalog.oid AS oid) named,
           LATERAL pg_catalog.pg_partition_tree(named.oid) tree
), object AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid AS classid, d.oid AS objid FROM dropped d
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::pg_catalog.oid, y.oid
      FROM dropped d
      JOIN pg_catalog.pg_type y ON y.typrelid = d.oid
        OR y.typelem IN (SELECT e.oid FROM pg_catalog.pg_type e WHERE e.typrelid = d.oid)
)
SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend d
  JOIN object o ON o.classid = d.refclassid AND o.objid = d.refobjid
  LEFT JOIN pg_catalog.pg_constraint k
         ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid
 WHERE d.deptype = 'n'
   AND (k.oid IS NULL OR k.conrelid NOT IN (SELECT g.oid FROM dropped g))
   AND NOT EXISTS (SELECT FROM object own WHERE own.classid = d.classid AND own.objid = d.objid)
 ORDER BY 1
