-- id: notification-dead
-- title: Notifications that reached nobody
-- category: configuration
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- quotes: yes
-- threshold: min_count = 1 count — From how many on.
-- meaning: What concerns this target, or all, could not be delivered to a channel and was given up: it was tried too often, or the
--   receiver said that trying again is of no use. Somebody may not know what they should.
-- remedy: "caretaker notifications list --state dead" shows what was given up and why. When the receiver is well,
--   "caretaker notifications test CHANNEL" tries it, and "caretaker notifications redeliver ID" delivers again.
SELECT 'channel' AS object_kind,
       n.channel AS object_name,
       format('%s not reach the channel %s since %s; the latest because %s.',
              CASE n.count WHEN 1 THEN 'One notification did' ELSE to_char(n.count, 'FM999,999,999,999,990') || ' notifications did' END, n.channel,
              date_trunc('second', n.since), n.error) AS message,
       jsonb_build_object('count', n.count, 'since', n.since, 'latest', n.latest, 'error', n.error) AS evidence
FROM jsonb_to_recordset(CAST(:notifications AS jsonb))
     AS n (channel text, count bigint, since timestamptz, latest timestamptz, error text)
WHERE n.count >= :min_count
