-- id: cleanup-overdue
-- title: Rows that a policy should have removed
-- category: cleanup
-- severity: warning
-- confidence: certain
-- impact: seconds
-- reads: primary
-- for: each policy
-- threshold: grace_seconds = 86400 seconds — How long rows may outlive their retention.
-- meaning: The table holds rows that are eligible under the policy and have been so for longer than the grace: the cleanup
--   is not run, does not finish, or leaves rows behind (pinned by a foreign key, or out of its limits). Rows dated before
--   1971 look like a default and not like a time; where there are others they do not count, and where there are no others
--   they are only good to know. Without an index that leads to the oldest row the table is read, for at most the statement
--   timeout of checks; a policy for which that is not enough is counted as not seen.
-- remedy: Plan and execute the policy; look at the outcome of its last run.
SELECT 'policy' AS object_kind,
       CAST(:schema_name AS text) AS schema_name,
       CAST(:policy AS text) AS object_name,
       CASE WHEN d.dated IS NULL THEN 'info' END AS severity,
       l.seconds AS impact,
       CASE WHEN d.dated IS NULL
            THEN format('Policy %s should have removed rows of %I.%I that are dated %s, which looks like a default.',
                        CAST(:policy AS text), CAST(:schema_name AS text), CAST(:table_name AS text), d.oldest)
            ELSE format('The oldest row that policy %s should have removed from %I.%I is %s days overdue.',
                        CAST(:policy AS text), CAST(:schema_name AS text), CAST(:table_name AS text),
                        round(l.seconds / 86400, 1))
       END AS message,
       jsonb_build_object('policy', CAST(:policy AS text), 'oldest', d.oldest, 'oldest_since_1971', d.dated,
                          'cutoff', c.cutoff, 'days_late', round(l.seconds / 86400, 1)) AS evidence
FROM (SELECT CAST(:cutoff AS timestamptz) AS cutoff, timestamptz '1971-01-01 00:00:00+00' AS first) c
CROSS JOIN LATERAL (SELECT min(@time@) AS oldest FROM @table@ AS t WHERE @eligible@) o
CROSS JOIN LATERAL (
    SELECT o.oldest,
           CASE WHEN o.oldest >= c.first THEN o.oldest
                WHEN o.oldest < c.first
                THEN (SELECT min(@time@) FROM @table@ AS t WHERE @eligible@ AND @time@ >= c.first) END AS dated) d
CROSS JOIN LATERAL (SELECT coalesce(extract(epoch FROM c.cutoff - d.dated), 0) AS seconds) l
WHERE l.seconds > :grace_seconds
   OR (d.oldest IS NOT NULL AND d.dated IS NULL)
