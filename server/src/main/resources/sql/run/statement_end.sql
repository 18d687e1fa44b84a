-- Takes back what statement_begin.sql has set, and tells where the log ends.
SELECT pg_catalog.set_config('statement_timeout', ?, false),
       pg_catalog.set_config('lock_timeout', ?, false),
       pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false),
       CAST(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') AS bigint) AS wal_position
