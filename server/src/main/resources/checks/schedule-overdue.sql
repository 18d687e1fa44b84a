-- id: schedule-overdue
-- title: Schedule without success
-- category: schedules
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- quotes: yes
-- threshold: grace_seconds = 0 seconds — How much longer than it is expected to may success be ago.
-- meaning: No run of a schedule has ended well for longer than its expectSuccessWithin allows, whether it failed, was skipped,
--   paused or refused, or nothing happened at all. Twice as long is critical.
-- remedy: "caretaker schedules fires NAME" says what became of every time at which it was due, and why; "caretaker runs show"
--   of a run how it ended.
SELECT 'schedule' AS object_kind,
       s.schedule AS object_name,
       CASE WHEN a.seconds > 2 * s.within_seconds THEN 'critical' ELSE 'warning' END AS severity,
       a.seconds AS impact,
       format('%s %s hours ago; success is expected within %s hours. %s',
              CASE WHEN s.succeeded THEN 'A run last ended well' ELSE 'No run has ended well yet; the schedule was made' END,
              round((a.seconds / 3600)::numeric, 1), round((s.within_seconds / 3600.0)::numeric, 1), s.latest) AS message,
       jsonb_build_object('since', s.since, 'succeeded', s.succeeded, 'within_seconds', s.within_seconds, 'latest', s.latest)
           AS evidence
FROM jsonb_to_recordset(CAST(:schedules AS jsonb))
     AS s (schedule text, since timestamptz, succeeded boolean, within_seconds bigint, latest text)
CROSS JOIN LATERAL (SELECT extract(epoch FROM now() - s.since) AS seconds) a
WHERE a.seconds > s.within_seconds + :grace_seconds
