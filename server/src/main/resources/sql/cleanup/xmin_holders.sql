-- Who holds back the horizon below which VACUUM may clean, oldest first.
SELECT 'session' AS kind,
       a.pid::text AS name,
       pg_catalog.concat_ws(', ', a.usename, a.application_name, a.state) AS detail,
       pg_catalog.age(coalesce(a.backend_xmin, a.backend_xid)) AS xid_age,
       extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::bigint AS seconds
  FROM pg_catalog.pg_stat_activity a
 WHERE coalesce(a.backend_xmin, a.backend_xid) IS NOT NULL
   AND a.pid <> pg_catalog.pg_backend_pid()
   AND a.backend_type = 'client backend'
   AND a.datname = pg_catalog.current_database()
UNION ALL
SELECT 'standby', coalesce(nullif(r.application_name, ''), r.pid::text),
       pg_catalog.concat_ws(', ', r.client_addr::text, r.state), pg_catalog.age(r.backend_xmin), NULL
  FROM pg_catalog.pg_stat_replication r
 WHERE r.backend_xmin IS NOT NULL
UNION ALL
SELECT 'slot', s.slot_name, CASE WHEN s.active THEN 'active' ELSE 'inactive' END, pg_catalog.age(s.xmin), NULL
  FROM pg_catalog.pg_replication_slots s
 WHERE s.xmin IS NOT NULL
UNION ALL
SELECT 'prepared transaction', p.gid, p.owner, pg_catalog.age(p.transaction),
       extract(epoch FROM pg_catalog.clock_timestamp() - p.prepared)::bigint
  FROM pg_catalog.pg_prepared_xacts p
 WHERE p.database = pg_catalog.current_database()
 ORDER BY xid_age DESC
