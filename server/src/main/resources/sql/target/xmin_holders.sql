-- What keeps VACUUM from removing dead rows of this database, the oldest first. A role without pg_read_all_stats sees only
-- its own backends here.
SELECT 'BACKEND' AS kind,
       pid::text AS name,
       concat_ws(' ', usename, nullif(application_name, ''), state)  AS description,
       age(backend_xmin)                                             AS age,
       xact_start                                                    AS since
  FROM pg_stat_activity
 WHERE backend_xmin IS NOT NULL
   AND datname = current_database()
   AND backend_type <> 'walsender'
   AND pid <> pg_backend_pid()
   -- VACUUM does not hold back other VACUUMs.
   AND NOT EXISTS (SELECT FROM pg_stat_progress_vacuum v WHERE v.pid = pg_stat_activity.pid)
UNION ALL
SELECT 'STANDBY',
       coalesce(nullif(application_name, ''), pid::text),
       concat_ws(' ', 'hot_standby_feedback of', usename, client_addr::text),
       age(backend_xmin),
       NULL
  FROM pg_stat_replication
 WHERE backend_xmin IS NOT NULL
UNION ALL
SELECT 'SLOT',
       slot_name,
       concat_ws(' ', slot_type, 'slot', CASE WHEN active THEN 'in use' ELSE 'not in use' END),
       age(xmin),
       NULL
  FROM pg_replication_slots
 WHERE xmin IS NOT NULL
UNION ALL
SELECT 'PREPARED_TRANSACTION',
       gid,
       concat_ws(' ', 'prepared by', owner),
       age(transaction),
       prepared
  FROM pg_prepared_xacts
 WHERE database = current_database()
 ORDER BY age DESC, name
