-- Extended statistics of a table. Parameter: its oid.
SELECT n.nspname                                        AS schema_name,
       e.stxname                                        AS name,
       pg_catalog.pg_get_statisticsobjdef(e.oid)        AS definition,
       coalesce(e.stxstattarget, -1)::pg_catalog.int4   AS target,
       pg_catalog.obj_description(e.oid, 'pg_statistic_ext') AS comment
  FROM pg_catalog.pg_statistic_ext e
  JOIN pg_catalog.pg_namespace n ON n.oid = e.stxnamespace
 WHERE e.stxrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
 ORDER BY n.nspname, e.stxname
