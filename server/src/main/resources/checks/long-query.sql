-- id: long-query
-- title: Queries that run for long
-- category: activity
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- blocks: vacuum
-- threshold: min_seconds = 600 seconds — Shortest run time that is reported.
-- meaning: A query of a client has been running for longer than the limit. While it runs, vacuum cannot remove what died
--   since it began. Sessions whose state the role may not see are counted as not seen.
-- remedy: Find out whose it is; cancel it if nobody waits for its result.
SELECT 'session' AS object_kind,
       'pid ' || a.pid AS object_name,
       a.backend_start::text || a.query_start::text AS object_key,
       d.seconds AS impact,
       CASE WHEN a.state IS NULL OR a.query = '<insufficient privilege>' THEN 1 ELSE 0 END AS unseen,
       CASE WHEN a.state IS NULL OR a.query = '<insufficient privilege>' THEN 'the role may not see what sessions of others do; GRANT pg_monitor TO it'
            ELSE format('A query of user %s has been running for %s.', a.usename,
                        justify_interval(date_trunc('second', clock_timestamp() - a.query_start))) END AS message,
       jsonb_build_object('pid', a.pid, 'user', a.usename, 'application', a.application_name, 'client', a.client_addr,
                          'seconds', round(d.seconds::numeric, 1), 'wait_event', a.wait_event_type || ': ' || a.wait_event,
                          'query', left(a.query, 1000)) AS evidence,
       format('SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = %s AND query_start = %L;', a.pid,
              a.query_start) AS remediation
FROM pg_stat_activity a
CROSS JOIN LATERAL (SELECT extract(epoch FROM clock_timestamp() - a.query_start) AS seconds) d
WHERE coalesce(a.backend_type, 'client backend') = 'client backend'
  AND a.datname = current_database()
  AND a.pid <> pg_backend_pid()
  AND (a.state IS NULL OR a.query = '<insufficient privilege>' OR (a.state = 'active' AND d.seconds >= :min_seconds))
