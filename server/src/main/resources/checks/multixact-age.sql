-- id: multixact-age
-- title: Old multixact ids
-- category: horizon
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- blocks: cleanup
-- threshold: warning_mxids = 500000000 mxids — Age from which a database is reported.
-- threshold: critical_mxids = 1000000000 mxids — Age from which it is critical.
-- meaning: Rows locked by several transactions at once carry a multixact id. The oldest one of the database is this old; at
--   about 2.1 billion the server refuses to make new ones, and the members' storage may fill up before.
-- remedy: Vacuum the oldest tables of that database; find out what keeps vacuum from freezing.
SELECT 'database' AS object_kind,
       d.datname AS object_name,
       CASE WHEN a.age >= :critical_mxids THEN 'critical' END AS severity,
       format('The oldest multixact id of database %I is %s ids old, %s %% of what ends in a stop.', d.datname,
              to_char(a.age, 'FM999,999,999,999,990'),
              round(a.age / 21474836.47, 1)) AS message,
       jsonb_build_object('age', a.age, 'datminmxid', d.datminmxid::text,
                          'autovacuum_multixact_freeze_max_age',
                          current_setting('autovacuum_multixact_freeze_max_age')::bigint) AS evidence,
       CASE WHEN d.datname = current_database() THEN 'VACUUM (FREEZE);' END AS remediation
FROM pg_database d
CROSS JOIN LATERAL (SELECT mxid_age(d.datminmxid)::bigint AS age) a
WHERE a.age >= :warning_mxids
