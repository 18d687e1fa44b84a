-- Schemas, and the extensions in them. An extension may make its own schema.
SELECT 'schema' AS kind, '' AS schema, n.nspname AS name, NULL AS table_schema, NULL AS table_name,
       pg_catalog.format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname) AS statement, '' AS role
  FROM pg_catalog.pg_namespace n
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
UNION ALL
SELECT 'extension', n.nspname, e.extname, NULL, NULL,
       pg_catalog.format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', e.extname, n.nspname), ''
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname <> 'plpgsql'
 ORDER BY kind DESC, name
