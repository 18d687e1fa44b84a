-- id: lock-wait
-- title: Sessions that wait for a lock
-- category: activity
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- threshold: min_seconds = 60 seconds — Shortest wait that is reported.
-- meaning: A session has been waiting for a lock that somebody else holds, or waits for before it. The evidence follows the
--   chain from the waiting session to whoever blocks it, and to those who block that one; the ones who wait for nobody are
--   the cause.
-- remedy: Look at the sessions at the end of the chain. Those idle in a transaction are mostly forgotten.
WITH RECURSIVE waits AS (
    SELECT l.pid, max(extract(epoch FROM clock_timestamp() - l.waitstart)) AS seconds,
           max(l.locktype) AS locktype, max(l.mode) AS mode,
           max(l.relation) FILTER (WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS relation
    FROM pg_locks l
    WHERE NOT l.granted
      AND extract(epoch FROM clock_timestamp() - l.waitstart) >= :min_seconds
    GROUP BY l.pid
), chain AS (
    SELECT w.pid AS waiting, b.pid AS blocker, 1 AS depth
    FROM waits w
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(w.pid)) AS pid) b
    UNION
    SELECT c.waiting, b.pid, c.depth + 1
    FROM chain c
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(c.blocker)) AS pid) b
    WHERE c.depth < 10
      AND c.blocker <> 0
), blockers AS (
    SELECT waiting, blocker, min(depth) AS depth FROM chain GROUP BY waiting, blocker
)
SELECT 'session' AS object_kind,
       'pid ' || w.pid AS object_name,
       a.backend_start::text || coalesce(a.query_start::text, '') AS object_key,
       w.seconds AS impact,
       format('A session of user %s has been waiting for %s for a lock%s, behind %s.', a.usename,
              justify_interval(date_trunc('second', make_interval(secs => w.seconds::float8))),
              coalesce(format(' on %I.%I', n.nspname, c.relname), ''),
              (SELECT string_agg(CASE WHEN b.blocker = 0 THEN 'a prepared transaction' ELSE 'pid ' || b.blocker END, ', '
                                 ORDER BY b.blocker)
               FROM blockers b WHERE b.waiting = w.pid AND b.depth = 1)) AS message,
       jsonb_build_object('pid', w.pid, 'user', a.usename, 'application', a.application_name,
                          'seconds', round(w.seconds::numeric, 1), 'lock', w.locktype, 'mode', w.mode,
                          'query', left(a.query, 500),
                          'chain', (SELECT jsonb_agg(jsonb_build_object(
                                        'depth', b.depth, 'pid', b.blocker, 'user', s.usename,
                                        'application', s.application_name, 'state', s.state,
                                        'waits', EXISTS (SELECT FROM pg_locks l WHERE l.pid = b.blocker AND NOT l.granted),
                                        'transaction_start', s.xact_start, 'query', left(s.query, 500))
                                        ORDER BY b.depth, b.blocker)
                                    FROM blockers b LEFT JOIN pg_stat_activity s ON s.pid = b.blocker
                                    WHERE b.waiting = w.pid)) AS evidence,
       (SELECT string_agg(format('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND backend_start = %L;',
                                 b.blocker, s.backend_start), E'\n' ORDER BY b.blocker)
        FROM blockers b JOIN pg_stat_activity s ON s.pid = b.blocker
        WHERE b.waiting = w.pid
          AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.pid = b.blocker AND NOT l.granted)) AS remediation
FROM waits w
JOIN pg_stat_activity a ON a.pid = w.pid
LEFT JOIN pg_class c ON c.oid = w.relation
LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
