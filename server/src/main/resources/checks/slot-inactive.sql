-- id: slot-inactive
-- title: Replication slots that nobody uses, or that are lost
-- category: replication
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- threshold: min_seconds = 3600 seconds — Shortest inactivity that is reported, where the server notes it (17).
-- meaning: A slot keeps write-ahead log for a consumer that is not connected, and may hold vacuum back; or it was
--   invalidated and its consumer has to start anew (critical). Servers before 17 do not note since when a slot is
--   inactive, so there every inactive one is reported as a rule of thumb.
-- remedy: Bring the consumer back, or drop the slot.
SELECT 'replication slot' AS object_kind,
       s.slot_name AS object_name,
       b.bytes AS impact,
       CASE WHEN b.lost IS NOT NULL THEN 'critical' END AS severity,
       CASE WHEN b.lost IS NULL AND b.since IS NULL THEN 'heuristic' END AS confidence,
       CASE WHEN b.lost IS NOT NULL THEN format('Replication slot %s is lost (%s).', s.slot_name, b.lost)
            WHEN b.since IS NOT NULL THEN format('Nobody has used replication slot %s since %s.', s.slot_name,
                                                date_trunc('second', b.since))
            ELSE format('Nobody uses replication slot %s.', s.slot_name)
       END AS message,
       jsonb_build_object('type', s.slot_type, 'plugin', s.plugin, 'database', s.database, 'wal_status', s.wal_status,
                          'lost', b.lost, 'inactive_since', b.since, 'kept_bytes', b.bytes) AS evidence,
       format('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %L AND NOT active;',
              s.slot_name) AS remediation,
       coalesce(s.xmin IS NOT NULL, false) AS blocks_vacuum
FROM pg_replication_slots s
CROSS JOIN LATERAL (SELECT to_jsonb(s) AS row) j
CROSS JOIN LATERAL (
    SELECT coalesce(j.row ->> 'invalidation_reason', CASE WHEN s.wal_status = 'lost' THEN 'wal_removed' END) AS lost,
           (j.row ->> 'inactive_since')::timestamptz AS since,
           coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn), 0) AS bytes) b
WHERE NOT s.active
  AND NOT s.temporary
  AND (b.lost IS NOT NULL OR b.since IS NULL OR extract(epoch FROM clock_timestamp() - b.since) >= :min_seconds)
