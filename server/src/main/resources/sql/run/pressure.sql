-- What our backends (the parameter: their pids) do to others: who waits for their locks or behind them, and how far standbys
-- are behind. And for whom they wait.
-- pg_locks shows waiters to every role; of pg_stat_replication a role without pg_monitor sees rows without values.
SELECT (SELECT pg_catalog.count(DISTINCT waiting.pid)
          FROM pg_catalog.pg_locks waiting
         WHERE NOT waiting.granted
           AND waiting.pid <> ALL (own.pids)
           AND own.pids && pg_catalog.pg_blocking_pids(waiting.pid))                AS lock_waiters,
       (SELECT COALESCE(pg_catalog.max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), standby.replay_lsn)), 0)::bigint
          FROM pg_catalog.pg_stat_replication standby
         WHERE standby.state <> 'backup')                                           AS lag_bytes,
       EXISTS (SELECT FROM pg_catalog.pg_stat_replication standby
                WHERE standby.state IS NULL)                                        AS lag_unreadable,
       EXISTS (SELECT FROM pg_catalog.pg_locks waiting
                WHERE waiting.pid = ANY (own.pids)
                  AND NOT waiting.granted
                  AND waiting.mode = 'AccessExclusiveLock')                         AS exclusive_wait,
       (SELECT COALESCE(pg_catalog.string_agg(DISTINCT CASE
                   WHEN holder.pid = 0 THEN 'a prepared transaction'
                   ELSE pg_catalog.concat('pid ', holder.pid, ' (' || NULLIF(session.application_name, '') || ')') END, ', '), '')
          FROM pg_catalog.pg_locks waiting
         CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(waiting.pid)) AS holder(pid)
          LEFT JOIN pg_catalog.pg_stat_activity session ON session.pid = holder.pid
         WHERE waiting.pid = ANY (own.pids)
           AND NOT waiting.granted
           AND holder.pid <> ALL (own.pids))                                        AS holders,
       seen.log_waiters,
       seen.others_active,
       NOT pg_catalog.pg_has_role(CURRENT_USER, 'pg_read_all_stats', 'USAGE')       AS activity_hidden
  FROM (SELECT CAST(? AS int[]) AS pids) own
 CROSS JOIN LATERAL (
       -- Names of wait events changed their case with 17.
       SELECT pg_catalog.count(*) FILTER (WHERE pg_catalog.lower(other.wait_event) IN ('walwrite', 'walsync', 'walinsert', 'walinitsync'))
                  AS log_waiters,
              pg_catalog.count(*) FILTER (WHERE other.state = 'active'
                                             OR other.state_change > pg_catalog.clock_timestamp() - INTERVAL '0.5 s')
                  AS others_active
         FROM pg_catalog.pg_stat_activity other
        WHERE other.backend_type = 'client backend'
          AND other.pid <> ALL (own.pids)
          AND other.application_name NOT LIKE 'caretaker%'
          AND other.pid <> pg_catalog.pg_backend_pid()) seen
