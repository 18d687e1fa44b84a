-- Statements that take from extensions what would reach beyond the database, before anything else is in it: their functions run
-- with the rights of who calls them, never with those of the superuser who has made them; foreign data wrappers lead nowhere, though
-- servers and tables can be made with them; and functions that speak to other servers are for nobody.
SELECT pg_catalog.format('ALTER ROUTINE %s SECURITY INVOKER', CAST(p.oid AS pg_catalog.regprocedure)) AS statement
  FROM pg_catalog.pg_proc p
 WHERE p.prosecdef
UNION ALL
SELECT pg_catalog.format('ALTER FOREIGN DATA WRAPPER %I NO HANDLER NO VALIDATOR', w.fdwname)
  FROM pg_catalog.pg_foreign_data_wrapper w
UNION ALL
SELECT pg_catalog.format('GRANT USAGE ON FOREIGN DATA WRAPPER %I TO %s', w.fdwname, CAST(? AS pg_catalog.text))
  FROM pg_catalog.pg_foreign_data_wrapper w
UNION ALL
SELECT pg_catalog.format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', CAST(d.objid AS pg_catalog.regprocedure))
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid
                             AND d.classid = 'pg_catalog.pg_proc'::regclass AND d.deptype = 'e'
 WHERE e.extname IN ('dblink', 'http', 'pg_net')
