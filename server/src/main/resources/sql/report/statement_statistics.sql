-- Where pg_stat_statements lies, and whether the role sees statements of others. Whether the library is loaded, only reading tells:
-- the setting is not for everybody to see.
SELECT n.nspname AS schema_name,
       pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all,
       pg_catalog.pg_postmaster_start_time() AS started
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements'
