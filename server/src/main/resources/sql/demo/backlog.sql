-- Old rows that come after the demo's cleanup: for a run that one can watch, and for one that is paused.
WITH metrics AS (
    INSERT INTO orchestry.metrics (app_id, aggregation_level, cpu_percent, memory_percent, "timestamp")
    SELECT 1 + n % 20, 'instance', n % 100, n % 97, (now() AT TIME ZONE 'UTC') - interval '8 days' - n * interval '20 seconds'
      FROM generate_series(1, 90000) n
)
INSERT INTO cryoprotect.audit_logs (user_id, action, details, logged_at_ms)
SELECT n % 500, (ARRAY ['login', 'view', 'edit', 'export'])[1 + n % 4], jsonb_build_object('ip', '10.0.0.' || n % 250),
       CAST(extract(epoch FROM now() - interval '91 days' - n * interval '1 minute') * 1000 AS bigint)
  FROM generate_series(1, 20000) n
