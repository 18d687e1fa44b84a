-- Where pg_stat_statements lies, whether it can be read, and since when it counts.
SELECT n.nspname AS schema_name,
       e.extversion AS version,
       position('pg_stat_statements' IN pg_catalog.current_setting('shared_preload_libraries')) > 0 AS loaded,
       pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all,
       pg_catalog.pg_postmaster_start_time() AS started
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements'
