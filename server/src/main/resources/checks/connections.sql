-- id: connections
-- title: Connections near their limit
-- category: activity
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- threshold: min_percent = 80 percent — Share of the connections open to everybody from which it is reported.
-- threshold: critical_percent = 95 percent — Share from which it is critical.
-- meaning: Most of the connections that the server allows to ordinary roles are taken. Beyond the limit logins are refused.
--   The evidence counts them by user, application and state.
-- remedy: Put a connection pool in front, make the applications' pools smaller, or end idle sessions.
WITH taken AS (
    SELECT a.usename, a.application_name, a.state, count(*) AS sessions
    FROM pg_stat_activity a
    -- without the right to see it the type is NULL; sessions of a database are clients' but for a few workers
    WHERE a.backend_type = 'client backend' OR (a.backend_type IS NULL AND a.datname IS NOT NULL)
    GROUP BY a.usename, a.application_name, a.state
), used AS (
    SELECT (SELECT sum(sessions) FROM taken)::numeric AS sessions,
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - coalesce(current_setting('reserved_connections', true)::int, 0) AS allowed
)
SELECT 'server' AS object_kind,
       'connections' AS object_name,
       CASE WHEN p.percent >= :critical_percent THEN 'critical' END AS severity,
       format('%s of %s connections are taken.', to_char(u.sessions, 'FM999,999,999,999,990'), to_char(u.allowed, 'FM999,999,999,999,990')) AS message,
       jsonb_build_object('sessions', u.sessions, 'allowed', u.allowed, 'percent', round(p.percent, 1),
                          'max_connections', current_setting('max_connections')::int,
                          'by', (SELECT jsonb_agg(jsonb_build_object('user', t.usename, 'application', t.application_name,
                                                                     'state', t.state, 'sessions', t.sessions))
                                 FROM (SELECT * FROM taken ORDER BY sessions DESC, usename LIMIT 20) t)) AS evidence
FROM used u
CROSS JOIN LATERAL (SELECT 100 * u.sessions / u.allowed AS percent) p
WHERE p.percent >= :min_percent
