-- What our backends (the parameter: their pids) do to others: who waits for their locks or behind them, and how far standbys
-- are behind. And for whom they wait, and what sessions of others do.
-- Asked ten times a second, so of the functions below the views pg_stat_activity, pg_locks and pg_stat_replication, whose joins
-- take longer to be planned than all of this to run. To read locks stops everybody who takes one, for a moment: it is done once,
-- and only if somebody is seen to wait for a lock, or if the role may not see that. Waiters are shown to every role; of standbys a
-- role without pg_monitor sees rows without values.
WITH own AS (
    SELECT CAST(? AS int[]) AS pids,
           NOT pg_catalog.pg_has_role(CURRENT_USER, 'pg_read_all_stats', 'USAGE') AS blind
), activity AS MATERIALIZED (
    SELECT session.pid, session.backend_type, session.application_name, session.state, session.state_change,
           session.wait_event_type, session.wait_event
      FROM pg_catalog.pg_stat_get_activity(NULL) session
), waiting AS MATERIALIZED (
    SELECT lock.pid, lock.mode
      FROM pg_catalog.pg_lock_status() lock
     WHERE NOT lock.granted
       AND (SELECT own.blind
                   OR EXISTS (SELECT FROM activity WHERE activity.wait_event_type OPERATOR(pg_catalog.=) 'Lock')
              FROM own)
), standbys AS (
    SELECT COALESCE(CAST(pg_catalog.max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), standby.replay_lsn))
                             FILTER (WHERE standby.state OPERATOR(pg_catalog.<>) 'backup') AS bigint), 0)     AS lag_bytes,
           COALESCE(CAST(pg_catalog.max(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), standby.flush_lsn))
                             FILTER (WHERE standby.state OPERATOR(pg_catalog.=) 'streaming') AS bigint), 0)   AS unflushed_bytes,
           pg_catalog.count(*) FILTER (WHERE standby.state IS NULL) OPERATOR(pg_catalog.>) 0                  AS lag_unreadable
      FROM pg_catalog.pg_stat_get_wal_senders() standby
), others AS (
    -- Names of wait events changed their case with 17. Who waits for a lock or sleeps does no work.
    SELECT pg_catalog.count(*) FILTER (WHERE pg_catalog.lower(other.wait_event)
                                             OPERATOR(pg_catalog.=) ANY (ARRAY['walwrite', 'walsync', 'walinsert', 'walinitsync']))
               AS log_waiters,
           pg_catalog.count(*) FILTER (WHERE other.works OR other.since OPERATOR(pg_catalog.<) INTERVAL '0.5 s') AS active,
           pg_catalog.count(*) FILTER (WHERE other.works OR other.since OPERATOR(pg_catalog.<) INTERVAL '0.1 s') AS just_now
      FROM (SELECT activity.wait_event,
                   pg_catalog.clock_timestamp() OPERATOR(pg_catalog.-) activity.state_change AS since,
                   activity.state OPERATOR(pg_catalog.=) 'active'
                   AND COALESCE(activity.wait_event_type, '') OPERATOR(pg_catalog.<>) ALL (ARRAY['Lock', 'Timeout', 'Extension'])
                       AS works
              FROM activity, own
             WHERE activity.backend_type OPERATOR(pg_catalog.=) 'client backend'
               AND activity.pid OPERATOR(pg_catalog.<>) ALL (own.pids)
               AND activity.application_name OPERATOR(pg_catalog.!~~) 'caretaker%'
               AND activity.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()) other
)
SELECT (SELECT pg_catalog.count(DISTINCT waiting.pid)
          FROM waiting
         WHERE waiting.pid OPERATOR(pg_catalog.<>) ALL (own.pids)
           AND own.pids OPERATOR(pg_catalog.&&) pg_catalog.pg_blocking_pids(waiting.pid)) AS lock_waiters,
       standbys.lag_bytes, standbys.unflushed_bytes, standbys.lag_unreadable,
       EXISTS (SELECT FROM waiting
                WHERE waiting.pid OPERATOR(pg_catalog.=) ANY (own.pids)
                  AND waiting.mode OPERATOR(pg_catalog.=) 'AccessExclusiveLock')          AS exclusive_wait,
       (SELECT COALESCE(pg_catalog.string_agg(DISTINCT CASE
                   WHEN holder.pid OPERATOR(pg_catalog.=) 0 THEN 'a prepared transaction'
                   ELSE pg_catalog.concat('pid ', holder.pid, ' (' OPERATOR(pg_catalog.||) NULLIF(session.application_name, '') OPERATOR(pg_catalog.||) ')') END, ', '), '')
          FROM waiting
         CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(waiting.pid)) AS holder(pid)
          LEFT JOIN activity session ON session.pid OPERATOR(pg_catalog.=) holder.pid
         WHERE waiting.pid OPERATOR(pg_catalog.=) ANY (own.pids)
           AND holder.pid OPERATOR(pg_catalog.<>) ALL (own.pids))                         AS holders,
       others.log_waiters,
       others.active   AS others_active,
       others.just_now AS others_just_now,
       own.blind       AS activity_hidden
  FROM own, standbys, others
