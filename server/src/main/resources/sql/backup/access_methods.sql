-- Access methods of tables and indexes that belong to no extension.
SELECT 'access method' AS kind, '' AS schema, am.amname AS name, NULL AS table_schema, NULL AS table_name,
       pg_catalog.format('CREATE ACCESS METHOD %I TYPE %s HANDLER %I.%I', am.amname,
                         CASE am.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, n.nspname, p.proname) AS statement,
       '' AS role
  FROM pg_catalog.pg_am am
  JOIN pg_catalog.pg_proc p ON p.oid = am.amhandler
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
 WHERE am.oid >= 16384 -- the server's own are below
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_am'::regclass AND d.objid = am.oid AND d.deptype = 'e')
 ORDER BY am.oid
