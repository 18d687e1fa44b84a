-- Materialized views without rows that a materialized view reads, itself or by way of others and of views.
WITH RECURSIVE reads (oid) AS (
    SELECT CAST(pg_catalog.to_regclass(?) AS oid)
     UNION
    SELECT d.refobjid
      FROM reads r
      JOIN pg_catalog.pg_rewrite w ON w.ev_class = r.oid
      JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid
                                 AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> r.oid
)
SELECT n.nspname AS schema, c.relname AS name
  FROM reads r
  JOIN pg_catalog.pg_class c ON c.oid = r.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'm' AND NOT c.relispopulated
 ORDER BY 1, 2
