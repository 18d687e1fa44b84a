-- Schema of the extension pgstattuple, if the role may use it.
SELECT n.nspname AS schema
  FROM pg_catalog.pg_extension e
  JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname = 'pgstattuple'
   AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
   AND EXISTS (SELECT FROM pg_catalog.pg_proc p
                WHERE p.pronamespace = n.oid
                  AND p.proname = 'pgstatindex'
                  AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE'))
