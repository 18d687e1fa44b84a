-- id: replication-lag
-- title: Standbys that lag behind
-- category: replication
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- threshold: min_bytes = 1073741824 bytes — Smallest distance to what the standby has applied.
-- threshold: min_seconds = 300 seconds — Or the shortest delay of applying, as the standby last told.
-- meaning: A standby or a subscriber is behind the primary: queries on it are that old, and after a failover that much may
--   be lost. Standbys whose position the role may not see are counted as not seen.
-- remedy: Look for a slow network or disk, for long queries on the standby that hold replay back, or for a burst of writes
--   such as a cleanup without a throttle.
SELECT 'standby' AS object_kind,
       coalesce(nullif(r.application_name, ''), 'pid ' || r.pid) AS object_name,
       coalesce(r.client_addr::text, '') AS object_key,
       CASE WHEN r.sent_lsn IS NULL AND r.state IS NULL THEN 1 ELSE 0 END AS unseen,
       l.bytes AS impact,
       CASE WHEN r.sent_lsn IS NULL AND r.state IS NULL THEN 'the role may not see how far standbys are; GRANT pg_monitor TO it'
            ELSE format('Standby %s is %s behind.', coalesce(nullif(r.application_name, ''), 'pid ' || r.pid),
                        pg_size_pretty(l.bytes::bigint)) END AS message,
       jsonb_build_object('state', r.state, 'sync_state', r.sync_state, 'bytes', l.bytes,
                          'seconds', round(extract(epoch FROM r.replay_lag)::numeric, 1),
                          'unsent_bytes', pg_wal_lsn_diff(pg_current_wal_lsn(), r.sent_lsn),
                          'client', r.client_addr) AS evidence
FROM pg_stat_replication r
CROSS JOIN LATERAL (
    SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(r.replay_lsn, r.flush_lsn, r.write_lsn, r.sent_lsn)) AS bytes) l
WHERE r.state IS DISTINCT FROM 'backup'
  AND (r.state IS NULL OR l.bytes >= greatest(:min_bytes, 1) OR extract(epoch FROM r.replay_lag) >= :min_seconds)
