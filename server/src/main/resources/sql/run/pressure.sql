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
           AND holder.pid <> ALL (own.pids))                                        AS holders
  FROM (SELECT CAST(? AS int[]) AS pids) own
