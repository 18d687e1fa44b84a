-- id: slot-wal
-- title: Write-ahead log kept by slots
-- category: replication
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- threshold: min_bytes = 10737418240 bytes — Smallest amount that is reported.
-- meaning: The slot's consumer has not confirmed this much write-ahead log, so the server keeps it. Without
--   max_slot_wal_keep_size it grows until the disk is full; with it, the slot is lost at the limit (critical once the
--   server says that it is about to be).
-- remedy: Bring the consumer up to date, or drop the slot; set max_slot_wal_keep_size.
SELECT 'replication slot' AS object_kind,
       s.slot_name AS object_name,
       b.bytes AS impact,
       CASE WHEN s.wal_status = 'unreserved' THEN 'critical' END AS severity,
       format('Replication slot %s keeps %s of write-ahead log.', s.slot_name, pg_size_pretty(b.bytes::bigint)) AS message,
       jsonb_build_object('kept_bytes', b.bytes, 'active', s.active, 'type', s.slot_type, 'wal_status', s.wal_status,
                          'safe_bytes', s.safe_wal_size,
                          'max_slot_wal_keep_size', current_setting('max_slot_wal_keep_size')) AS evidence,
       CASE WHEN NOT s.active THEN format('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots'
                                          ' WHERE slot_name = %L AND NOT active;', s.slot_name) END AS remediation
FROM pg_replication_slots s
CROSS JOIN LATERAL (SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn) AS bytes) b
WHERE NOT s.temporary
  AND b.bytes >= greatest(:min_bytes, 1)
