-- id: server-concurrent-builds
-- title: Server that corrupts indexes built concurrently
-- category: indexes
-- severity: critical
-- confidence: certain
-- impact: none
-- threshold: fixed_in = 140004 version — First version number without the fault, as in server_version_num.
-- meaning: PostgreSQL 14.0 to 14.3 may leave rows out of an index while CREATE INDEX CONCURRENTLY or REINDEX
--   CONCURRENTLY builds it (release notes of 14.4). Such an index answers wrongly without an error.
-- remedy: Update to the newest 14. Then check the indexes with amcheck (heapallindexed) or rebuild those that were built
--   concurrently by the older version.
SELECT 'server' AS object_kind,
       'PostgreSQL' AS object_name,
       format('The server is PostgreSQL %s: indexes that it builds concurrently may lack rows.',
              current_setting('server_version')) AS message,
       jsonb_build_object('server_version_num', v.number) AS evidence
FROM (SELECT current_setting('server_version_num')::int AS number) v
WHERE v.number >= 140000
  AND v.number < :fixed_in
