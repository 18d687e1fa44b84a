-- Who we are, and which incarnation of which server this is. The control file learns of a promotion with the next
-- checkpoint only; the name of the file that is written to tells it at once.
SELECT pg_catalog.pg_backend_pid()           AS pid,
       a.backend_start                       AS backend_start,
       pg_catalog.pg_postmaster_start_time() AS postmaster_start,
       s.system_identifier                   AS system_identifier,
       CASE
           WHEN pg_catalog.pg_is_in_recovery() THEN c.timeline_id
           ELSE ('x' OPERATOR(pg_catalog.||) pg_catalog.substr(
                    pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8))::pg_catalog.bit(32)::pg_catalog.int4
       END                                   AS timeline,
       CAST(pg_catalog.current_setting('server_version_num') AS int) AS version_number
  FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a,
       pg_catalog.pg_control_system() s,
       pg_catalog.pg_control_checkpoint() c
