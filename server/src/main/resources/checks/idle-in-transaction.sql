-- id: idle-in-transaction
-- title: Sessions idle in a transaction
-- category: activity
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- blocks: vacuum
-- threshold: min_seconds = 300 seconds — Shortest idleness that is reported.
-- meaning: A client opened a transaction and does nothing in it. It keeps its locks, and if it holds a snapshot or a
--   transaction id, vacuum cannot remove what died since. Sessions whose state the role may not see are counted as not
--   seen.
-- remedy: Mend the application (it waits for something else while the transaction is open), and set
--   idle_in_transaction_session_timeout.
SELECT 'session' AS object_kind,
       'pid ' || a.pid AS object_name,
       a.backend_start::text AS object_key,
       d.seconds AS impact,
       CASE WHEN a.state IS NULL THEN 1 ELSE 0 END AS unseen,
       CASE WHEN a.state IS NULL THEN 'the role may not see what sessions of others do; GRANT pg_monitor TO it'
            ELSE format('A session of user %s has been idle in its transaction for %s.', a.usename,
                        justify_interval(date_trunc('second', clock_timestamp() - a.state_change))) END AS message,
       jsonb_build_object('pid', a.pid, 'user', a.usename, 'application', a.application_name, 'client', a.client_addr,
                          'state', a.state, 'seconds', round(d.seconds::numeric, 1), 'transaction_start', a.xact_start,
                          'last_query', left(a.query, 1000),
                          'locks', (SELECT count(*) FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'relation')) AS evidence,
       format('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND state_change = %L;', a.pid,
              a.state_change) AS remediation,
       a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL AS blocks_vacuum
FROM pg_stat_activity a
CROSS JOIN LATERAL (SELECT extract(epoch FROM clock_timestamp() - a.state_change) AS seconds) d
WHERE coalesce(a.backend_type, 'client backend') = 'client backend'
  AND a.datname = current_database()
  AND a.pid <> pg_backend_pid()
  AND (a.state IS NULL OR (a.state LIKE 'idle in transaction%' AND d.seconds >= :min_seconds))
