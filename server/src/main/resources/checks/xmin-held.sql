-- id: xmin-held
-- title: Who holds vacuum back
-- category: horizon
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- blocks: vacuum, cleanup
-- threshold: min_xids = 1000000 xids — Age of the oldest transaction held from which the holder is reported.
-- threshold: critical_xids = 100000000 xids — Age from which it is critical.
-- meaning: Vacuum cannot remove rows that died after the oldest transaction somebody may still look at: a session with an
--   old snapshot, a replication slot, a prepared transaction, or a standby with hot_standby_feedback. A slot's
--   catalog_xmin holds back only system tables. Sessions that the role may not see are counted as not seen.
-- remedy: End the session, finish the prepared transaction, drop the slot that nobody uses, or look at the standby's long
--   queries. Check before what it is for.
WITH holders AS (
    SELECT 'session' AS kind,
           'pid ' || a.pid AS name,
           a.backend_start::text AS key,
           greatest(age(a.backend_xmin), age(a.backend_xid))::bigint AS age,
           jsonb_build_object('pid', a.pid, 'user', a.usename, 'application', a.application_name, 'state', a.state,
                              'transaction_start', a.xact_start, 'query', left(a.query, 500)) AS evidence,
           format('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND backend_start = %L;',
                  a.pid, a.backend_start) AS remediation
    FROM pg_stat_activity a
    WHERE a.datname = current_database()
      AND a.pid <> pg_backend_pid()
      AND (a.backend_xmin IS NOT NULL OR a.backend_xid IS NOT NULL)
      -- a vacuum holds nobody back but itself shows an xmin
      AND NOT EXISTS (SELECT FROM pg_stat_progress_vacuum v WHERE v.pid = a.pid)
    UNION ALL
    SELECT 'standby', coalesce(nullif(r.application_name, ''), 'pid ' || r.pid), '',
           age(r.backend_xmin)::bigint,
           jsonb_build_object('pid', r.pid, 'user', r.usename, 'client', r.client_addr, 'state', r.state), NULL
    FROM pg_stat_replication r
    WHERE r.backend_xmin IS NOT NULL
    UNION ALL
    SELECT 'replication slot', s.slot_name, '',
           greatest(age(s.xmin), age(s.catalog_xmin))::bigint,
           jsonb_build_object('type', s.slot_type, 'active', s.active, 'database', s.database, 'plugin', s.plugin,
                              'only_system_tables', s.xmin IS NULL),
           CASE WHEN NOT s.active THEN format('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots'
                                              ' WHERE slot_name = %L AND NOT active;', s.slot_name) END
    FROM pg_replication_slots s
    WHERE s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL
    UNION ALL
    SELECT 'prepared transaction', p.gid, '', age(p.transaction)::bigint,
           jsonb_build_object('owner', p.owner, 'prepared', p.prepared), NULL
    FROM pg_prepared_xacts p
    WHERE p.database = current_database()
)
SELECT kind AS object_kind,
       name AS object_name,
       key AS object_key,
       CASE WHEN age >= :critical_xids THEN 'critical' END AS severity,
       format('The %s %s holds vacuum back by %s.', kind, name,
              to_char(age, 'FM999,999,999,999,990') || CASE age WHEN 1 THEN ' transaction' ELSE ' transactions' END) AS message,
       jsonb_build_object('age', age) || evidence AS evidence,
       remediation,
       NOT coalesce((evidence ->> 'only_system_tables')::boolean, false) AS blocks_vacuum,
       0::bigint AS unseen,
       NULL AS measure,
       NULL::float8 AS value
FROM holders
WHERE age >= greatest(:min_xids, 1)
UNION ALL
SELECT 'session', '', '', NULL, 'the role may not see what sessions of others do; GRANT pg_monitor TO it', '{}', NULL, NULL, count(*),
       NULL, NULL
FROM pg_stat_activity a
WHERE a.datname = current_database()
  AND a.backend_type IS NULL
HAVING count(*) > 0
UNION ALL
-- Where some sessions cannot be seen, how old the oldest is is not known.
SELECT 'database', current_database(), '', NULL, '', '{}', NULL, NULL, 0, 'horizon-age',
       (SELECT coalesce(max(h.age), 0)
        FROM holders h
        WHERE NOT coalesce((h.evidence ->> 'only_system_tables')::boolean, false))
WHERE NOT EXISTS (
    SELECT FROM pg_stat_activity a WHERE a.datname = current_database() AND a.backend_type IS NULL)
