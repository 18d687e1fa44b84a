-- id: backup-unverified
-- title: No backup proven of late
-- category: backups
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- threshold: grace_seconds = 0 seconds — How much older than it may be must the newest proven one be.
-- meaning: There are backups, and none that is newer than the target's backups.expect-verified-within allows (without that, 35 days) was
--   ever restored and found complete. Whether they can be restored is not known.
-- remedy: "caretaker backups verify ID" restores one into a scratch database, compares every table and drops it; have a schedule do so
--   every month. Of a backup that others make and restore, "caretaker backups record --verified-time" tells it.
SELECT 'database' AS object_kind,
       b.database AS object_name,
       CASE WHEN b.verified IS NULL THEN 'No backup was ever proven by restoring it.'
            ELSE format('The newest backup that was proven by restoring it (%s %s) is %s days old; it may be %s.',
                        b.verified ->> 'maker', b.verified ->> 'id', round((a.seconds / 86400)::numeric, 1),
                        round((b.verified_within_seconds / 86400.0)::numeric, 1)) END AS message,
       jsonb_build_object('verified', b.verified, 'within_seconds', b.verified_within_seconds) AS evidence
FROM jsonb_to_record(CAST(:backups AS jsonb))
     AS b (database text, newest jsonb, verified jsonb, verified_within_seconds bigint)
CROSS JOIN LATERAL (SELECT extract(epoch FROM now() - CAST(b.verified ->> 'time' AS timestamptz)) AS seconds) a
WHERE b.newest IS NOT NULL
  AND (b.verified IS NULL OR a.seconds > b.verified_within_seconds + :grace_seconds)
