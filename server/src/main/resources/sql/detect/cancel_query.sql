-- Cancels that very query: the same session, still running what it began at that instant, and that long enough ago.
SELECT pg_catalog.pg_cancel_backend(a.pid)
FROM pg_catalog.pg_stat_activity a
WHERE a.pid = ?
  AND a.backend_start = ?
  AND a.query_start = ?
  AND a.state = 'active'
  AND extract(epoch FROM clock_timestamp() - a.query_start) >= ?
