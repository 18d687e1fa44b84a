-- Who we are, and which incarnation of which server this is.
SELECT pg_backend_pid()            AS pid,
       a.backend_start             AS backend_start,
       pg_postmaster_start_time()  AS postmaster_start,
       s.system_identifier         AS system_identifier,
       c.timeline_id               AS timeline
  FROM pg_stat_get_activity(pg_backend_pid()) a,
       pg_control_system() s,
       pg_control_checkpoint() c
