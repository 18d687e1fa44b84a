-- What there is to tell of a run that has ended and that no other run started. Reads as little of it as possible: it may be
-- spoilt. Of its error only the reason is told, since messages of Postgres may quote rows.
WITH ended AS (
    SELECT r.run_id, r.kind, r.target, r.outcome, coalesce(r.error ->> 'reason', '') AS reason, s.schedule,
           split_part(r.traceparent, '-', 2) AS trace,
           CASE WHEN s.schedule IS NULL THEN 'runs/' || r.run_id ELSE 'schedules/' || s.schedule || '/' || r.target END AS topic,
           initcap(replace(r.kind, '_', ' ')) || coalesce(' of schedule ' || s.schedule, '') || ' at ' || r.target AS what
      FROM caretaker.run r
      LEFT JOIN caretaker.schedule_line s ON s.run_id = r.run_id
     WHERE r.run_id = ? AND r.ended IS NOT NULL AND r.parent_run_id IS NULL
), before AS (
    SELECT n.type, n.severity
      FROM caretaker.notification n JOIN ended e ON n.topic = e.topic
     WHERE n.type IN ('run.failed', 'run.partial', 'fire.refused')
       AND NOT EXISTS (SELECT
                         FROM caretaker.notification r
                        WHERE r.topic = n.topic AND r.type = 'run.recovered' AND r.occurred > n.occurred)
     ORDER BY n.severity, n.type -- the worst since it was last well: there are CRITICAL and WARNING
     LIMIT 1
)
INSERT INTO caretaker.notification (notification_id, type, severity, target, topic, summary, data, resolves, occurred)
SELECT gen_random_uuid(), v.type, v.severity, e.target, e.topic, v.summary,
       jsonb_strip_nulls(jsonb_build_object('run_id', e.run_id, 'kind', e.kind, 'outcome', e.outcome, 'schedule', e.schedule,
                                            'reason', nullif(e.reason, ''), 'trace_id', e.trace)),
       v.resolves, clock_timestamp()
  FROM ended e
  LEFT JOIN before b ON true
 CROSS JOIN LATERAL (VALUES
       ('run.failed', 'CRITICAL', NULL, e.outcome = 'FAILED',
        e.what || ' failed' || CASE WHEN e.reason = '' THEN '' ELSE ': ' || e.reason END || '.'),
       ('run.partial', 'WARNING', NULL, e.outcome IN ('RESIDUAL', 'PINNED', 'DEADLINE'),
        e.what || ' is done in part: ' || e.outcome || '.'),
       ('run.recovered', coalesce(b.severity, 'INFO'), b.type,
        e.outcome = 'COMPLETE' AND b.type IS NOT NULL, e.what || ' ended well again.'),
       ('schedule.succeeded', 'INFO', NULL,
        e.schedule IS NOT NULL AND e.outcome IN ('COMPLETE', 'RESIDUAL', 'PINNED'), e.what || ' ended well.'))
       AS v (type, severity, resolves, applies, summary)
 WHERE v.applies
