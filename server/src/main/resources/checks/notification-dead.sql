-- id: notification-dead
-- title: Notifications that reached nobody
-- category: configuration
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- quotes: yes
-- threshold: min_count = 1 count — From how many on.
-- meaning: What concerns this target could not be delivered to a channel and was given up: it was tried too often, or the
--   receiver said that trying again is of no use. Or it waits, because the channel is stopped: its receiver answered 410. Somebody may
--   not know what they should.
-- remedy: "caretaker notifications channels" shows which channel is stopped; when its receiver is well, or the configuration names
--   another, "caretaker notifications test CHANNEL" has it told again, with all that waits. "caretaker notifications list --state dead"
--   shows what was given up and why; "caretaker notifications redeliver ID" delivers it again.
SELECT 'channel' AS object_kind,
       n.channel AS object_name,
       format('%s not reach the channel %s since %s; the latest because %s.',
              CASE n.count WHEN 1 THEN 'One notification did' ELSE to_char(n.count, 'FM999,999,999,999,990') || ' notifications did' END, n.channel,
              date_trunc('second', n.since), n.error) AS message,
       jsonb_build_object('count', n.count, 'since', n.since, 'latest', n.latest, 'error', n.error) AS evidence
FROM jsonb_to_recordset(CAST(:notifications AS jsonb))
     AS n (channel text, count bigint, since timestamptz, latest timestamptz, error text)
WHERE n.count >= :min_count
