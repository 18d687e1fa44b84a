-- What depends on a partition (or a partition of it) and would make DROP fail without CASCADE: views, keys of other tables
-- that reference this very partition, functions and columns that use its row type. Clones of a key that references the
-- parent are not among them: they go with the detach.
WITH dropped AS (
    SELECT CAST(? AS pg_catalog.oid) AS oid
    UNION
    SELECT tree.relid FROM pg_catalog.pg_partition_tree(CAST(? AS pg_catalog.oid)) tree
), object AS (
    SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, oid AS objid FROM dropped
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass::oid, y.oid
      FROM dropped JOIN pg_catalog.pg_type y ON y.typrelid = dropped.oid OR y.typelem IN
           (SELECT e.oid FROM pg_catalog.pg_type e WHERE e.typrelid = dropped.oid)
)
SELECT DISTINCT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS dependent
  FROM pg_catalog.pg_depend d
  JOIN object o ON o.classid = d.refclassid AND o.objid = d.refobjid
  LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
 WHERE d.deptype = 'n'
   AND (k.oid IS NULL OR k.conrelid NOT IN (SELECT oid FROM dropped) AND k.conparentid = 0)
   AND NOT EXISTS (SELECT 1 FROM object own WHERE own.classid = d.classid AND own.objid = d.objid)
 ORDER BY dependent
