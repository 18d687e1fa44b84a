-- Sessions of a program of ours, by the name that it was given.
SELECT pid, backend_start
  FROM pg_catalog.pg_stat_activity
 WHERE application_name OPERATOR(pg_catalog.=) CAST(? AS text)
   AND usename OPERATOR(pg_catalog.=) "session_user"()
   AND pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
