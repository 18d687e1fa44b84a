-- Old rows that come after the demo's cleanup: for a run that one can watch, and for one that is paused.
WITH sessions AS (
    INSERT INTO cryoprotect.sessions (id, user_id, created_at, expires_at)
    SELECT CAST(md5('backlog' || n) AS uuid), n % 500, at, at + interval '1 day'
      FROM (SELECT n, now() - interval '9 days' - n * interval '1 minute' AS at FROM generate_series(1, 60000) n) s
)
INSERT INTO cryoprotect.audit_logs (user_id, action, details, logged_at_ms)
SELECT n % 500, (ARRAY ['login', 'view', 'edit', 'export'])[1 + n % 4], jsonb_build_object('ip', '10.0.0.' || n % 250),
       CAST(extract(epoch FROM now() - interval '91 days' - n * interval '1 minute') * 1000 AS bigint)
  FROM generate_series(1, 20000) n
