-- Sessions that hold or await a lock on a table, as people want to read of them; the strongest lock first.
SELECT a.pid,
       pg_catalog.concat_ws(' ', coalesce(a.usename, a.backend_type), nullif(a.application_name, ''))  AS who,
       l.mode,
       l.granted,
       coalesce(a.backend_type = 'autovacuum worker', false) AS autovacuum
  FROM pg_catalog.pg_locks l
  LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'relation'
   AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND l.relation = CAST(? AS pg_catalog.oid)
   AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
 ORDER BY l.granted DESC,
          pg_catalog.array_position(ARRAY['AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock',
                                          'ShareUpdateExclusiveLock'], l.mode),
          a.pid
