-- id: xid-age
-- title: Old transaction ids
-- category: horizon
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- blocks: cleanup
-- threshold: warning_xids = 500000000 xids — Age from which a database is reported.
-- threshold: critical_xids = 1000000000 xids — Age from which it is critical.
-- meaning: The oldest row version of the database that is not frozen is this many transactions old. At about 2.1 billion
--   the server refuses to write. Every database of the cluster counts, because they share transaction ids.
-- remedy: Find out what keeps vacuum from freezing: see xmin-held, autovacuum-disabled and freeze-overdue. Then vacuum the
--   oldest tables of that database.
SELECT 'database' AS object_kind,
       d.datname AS object_name,
       CASE WHEN a.age >= :critical_xids THEN 'critical' END AS severity,
       format('The oldest transaction id of database %I is %s transactions old, %s %% of what ends in a stop.', d.datname,
              to_char(a.age, 'FM999,999,999,999,990'), round(a.age / 21474836.47, 1)) AS message,
       jsonb_build_object('age', a.age, 'datfrozenxid', d.datfrozenxid::text,
                          'autovacuum_freeze_max_age', current_setting('autovacuum_freeze_max_age')::bigint) AS evidence,
       CASE WHEN d.datname = current_database() THEN 'VACUUM (FREEZE);' END AS remediation,
       m.measure,
       CASE m.measure WHEN 'mxid-age' THEN mxid_age(d.datminmxid) ELSE a.age END AS value
FROM pg_database d
CROSS JOIN LATERAL (SELECT age(d.datfrozenxid)::bigint AS age) a
CROSS JOIN (VALUES (NULL), ('xid-age'), ('mxid-age')) AS m (measure)
WHERE m.measure IS NOT NULL
   OR a.age >= :warning_xids
