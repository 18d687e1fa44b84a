-- id: backup-overdue
-- title: Newest backup too old
-- category: backups
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- threshold: grace_seconds = 0 seconds — How much older than it may be must it be.
-- meaning: The newest backup of the whole database, whoever made it, is older than the target's backups.expect-within allows; without
--   that, older than 36 hours, which is a daily backup with half a day for one that fails. Twice as old is critical. All that was
--   written since would be lost with the server.
-- remedy: "caretaker backups health" shows who makes backups and what went wrong; "caretaker backups run" makes one now.
SELECT 'database' AS object_kind,
       b.database AS object_name,
       CASE WHEN a.seconds > 2 * b.within_seconds THEN 'critical' ELSE 'warning' END AS severity,
       a.seconds AS impact,
       format('The newest backup (%s %s) is %s hours old; it may be %s.', b.newest ->> 'maker', b.newest ->> 'id',
              round((a.seconds / 3600)::numeric, 1), round((b.within_seconds / 3600.0)::numeric, 1)) AS message,
       jsonb_build_object('maker', b.newest -> 'maker', 'id', b.newest -> 'id', 'time', b.newest -> 'time',
                          'within_seconds', b.within_seconds) AS evidence
FROM jsonb_to_record(CAST(:backups AS jsonb)) AS b (database text, newest jsonb, within_seconds bigint)
CROSS JOIN LATERAL (SELECT extract(epoch FROM now() - CAST(b.newest ->> 'time' AS timestamptz)) AS seconds) a
WHERE a.seconds > b.within_seconds + :grace_seconds
