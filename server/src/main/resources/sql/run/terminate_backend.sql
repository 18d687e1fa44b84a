-- Terminates a backend that was noted earlier, unless its pid is somebody else's by now. No row: it is gone.
SELECT pg_catalog.pg_terminate_backend(pid) AS terminated
  FROM pg_catalog.pg_stat_activity
 WHERE pid OPERATOR(pg_catalog.=) CAST(? AS int)
   AND backend_start OPERATOR(pg_catalog.=) CAST(? AS timestamp with time zone)
   AND pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
