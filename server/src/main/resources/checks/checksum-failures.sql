-- id: checksum-failures
-- title: Damaged pages
-- category: integrity
-- severity: critical
-- confidence: certain
-- impact: none
-- reads: primary
-- meaning: Pages read from disk did not match their checksum: storage or memory damaged them. Where checksums are off
--   nobody would notice; that is reported as good to know.
-- remedy: Stop trusting the storage. Find the damaged files in the server's log, check that backups are good, and fail
--   over or restore. Checksums are switched on with pg_checksums while the server is down.
SELECT 'database' AS object_kind,
       coalesce(d.datname, 'shared catalogs') AS object_name,
       NULL AS severity,
       format('%s of %s failed their checksum, the last one at %s.',
              to_char(d.checksum_failures, 'FM999,999,999,999,990') || CASE d.checksum_failures WHEN 1 THEN ' page' ELSE ' pages' END,
              coalesce('database ' || quote_ident(d.datname), 'the shared catalogs'), d.checksum_last_failure) AS message,
       jsonb_build_object('failures', d.checksum_failures, 'last', d.checksum_last_failure) AS evidence
FROM pg_stat_database d
WHERE d.checksum_failures > 0
UNION ALL
SELECT 'server', 'data checksums', 'info', 'Data checksums are off: damage by storage goes unnoticed.', '{}'
WHERE current_setting('data_checksums') = 'off'
