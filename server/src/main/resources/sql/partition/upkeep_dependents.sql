-- What depends on a detached table, on a partition of it, or on what goes with them (sequences that their columns own, row types), and
-- would make DROP fail without CASCADE: views, keys of other tables, functions and columns that use its row type, extensions.
-- Parameters: oid of the table, twice.
WITH RECURSIVE dropped AS (
    SELECT named.oid FROM (SELECT CAST(? AS pg_catalog.int8)::pg_catalog.oid AS oid) named
    UNION
    SELECT tree.relid
      FROM (SELECT CAST(? AS pg_catalog.int8)::pg_catalog.oid AS oid) named,
           LATERAL pg_catalog.pg_partition_tree(named.oid) tree
), gone (classid, objid) AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, d.oid FROM dropped d
    UNION
    SELECT d.classid, d.objid
      FROM gone g
      JOIN pg_catalog.pg_depend d ON d.refclassid = g.classid AND d.refobjid = g.objid
     WHERE d.deptype IN ('a', 'i', 'P', 'S')
)
SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend d
  JOIN gone g ON g.classid = d.refclassid AND g.objid = d.refobjid
  LEFT JOIN pg_catalog.pg_constraint k
         ON d.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND k.oid = d.objid
 WHERE d.deptype = 'n'
   AND (k.oid IS NULL OR k.conrelid NOT IN (SELECT t.oid FROM dropped t))
   AND NOT EXISTS (SELECT FROM gone own WHERE own.classid = d.classid AND own.objid = d.objid)
 UNION
SELECT pg_catalog.pg_describe_object(d.refclassid, d.refobjid, 0)
  FROM pg_catalog.pg_depend d
  JOIN gone g ON g.classid = d.classid AND g.objid = d.objid
 WHERE d.deptype = 'e'
 ORDER BY 1
