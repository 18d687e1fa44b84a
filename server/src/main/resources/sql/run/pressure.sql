-- What our backends (the parameter: their pids) do to others: who waits for their locks or behind them, and how far standbys
-- are behind. And for whom they wait, and what sessions of others do.
-- pg_locks shows waiters to every role; of pg_stat_replication a role without pg_monitor sees rows without values.
SELECT (SELECT pg_catalog.count(DISTINCT waiting.pid)
          FROM pg_catalog.pg_locks waiting
         WHERE NOT waiting.granted
           AND waiting.pid OPERATOR(pg_catalog.<>) ALL (own.pids)
           AND own.pids OPERATOR(pg_catalog.&&) pg_catalog.pg_blocking_pids(waiting.pid)) AS lock_waiters,
       (SELECT COALESCE(CAST(pg_catalog.max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), standby.replay_lsn)) AS bigint), 0)
          FROM pg_catalog.pg_stat_replication standby
         WHERE standby.state OPERATOR(pg_catalog.<>) 'backup')                      AS lag_bytes,
       (SELECT COALESCE(CAST(pg_catalog.max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), standby.flush_lsn)) AS bigint), 0)
          FROM pg_catalog.pg_stat_replication standby
         WHERE standby.state OPERATOR(pg_catalog.=) 'streaming')                    AS unflushed_bytes,
       EXISTS (SELECT FROM pg_catalog.pg_stat_replication standby
                WHERE standby.state IS NULL)                                        AS lag_unreadable,
       EXISTS (SELECT FROM pg_catalog.pg_locks waiting
                WHERE waiting.pid OPERATOR(pg_catalog.=) ANY (own.pids)
                  AND NOT waiting.granted
                  AND waiting.mode OPERATOR(pg_catalog.=) 'AccessExclusiveLock')    AS exclusive_wait,
       (SELECT COALESCE(pg_catalog.string_agg(DISTINCT CASE
                   WHEN holder.pid OPERATOR(pg_catalog.=) 0 THEN 'a prepared transaction'
                   ELSE pg_catalog.concat('pid ', holder.pid, ' (' OPERATOR(pg_catalog.||) NULLIF(session.application_name, '') OPERATOR(pg_catalog.||) ')') END, ', '), '')
          FROM pg_catalog.pg_locks waiting
         CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(waiting.pid)) AS holder(pid)
          LEFT JOIN pg_catalog.pg_stat_activity session ON session.pid OPERATOR(pg_catalog.=) holder.pid
         WHERE waiting.pid OPERATOR(pg_catalog.=) ANY (own.pids)
           AND NOT waiting.granted
           AND holder.pid OPERATOR(pg_catalog.<>) ALL (own.pids))                   AS holders,
       seen.log_waiters,
       seen.others_active,
       seen.others_just_now,
       NOT pg_catalog.pg_has_role(CURRENT_USER, 'pg_read_all_stats', 'USAGE')       AS activity_hidden
  FROM (SELECT CAST(? AS int[]) AS pids) own
 CROSS JOIN LATERAL (
       -- Names of wait events changed their case with 17. Who waits for a lock or sleeps does no work.
       SELECT pg_catalog.count(*) FILTER (WHERE pg_catalog.lower(other.wait_event)
                                                OPERATOR(pg_catalog.=) ANY (ARRAY['walwrite', 'walsync', 'walinsert', 'walinitsync']))
                  AS log_waiters,
              pg_catalog.count(*) FILTER (WHERE other.works OR other.since OPERATOR(pg_catalog.<) INTERVAL '0.5 s')
                  AS others_active,
              pg_catalog.count(*) FILTER (WHERE other.works OR other.since OPERATOR(pg_catalog.<) INTERVAL '0.1 s')
                  AS others_just_now
         FROM (SELECT session.wait_event,
                      pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) session.state_change AS since,
                      session.state OPERATOR(pg_catalog.=) 'active'
                      AND COALESCE(session.wait_event_type, '') OPERATOR(pg_catalog.<>) ALL (ARRAY['Lock', 'Timeout', 'Extension'])
                          AS works
                 FROM pg_catalog.pg_stat_activity session
                WHERE session.backend_type OPERATOR(pg_catalog.=) 'client backend'
                  AND session.pid OPERATOR(pg_catalog.<>) ALL (own.pids)
                  AND session.application_name OPERATOR(pg_catalog.!~~) 'caretaker%'
                  AND session.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()) other) seen
