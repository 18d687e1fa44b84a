-- Relations on which a plain read would wait: somebody holds, or already waits for, a lock that conflicts with it.
SELECT DISTINCT l.relation::bigint
FROM pg_catalog.pg_locks l
WHERE l.locktype = 'relation'
  AND l.mode = 'AccessExclusiveLock'
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
  AND l.pid IS DISTINCT FROM pg_backend_pid()
