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
--   is not run, does not finish, or leaves rows behind (pinned by a foreign key, or out of its limits). Without an index
--   that leads to the oldest row the table is read, for at most the statement timeout of checks; a policy for which that
--   is not enough is counted as not seen.
-- remedy: Plan and execute the policy; look at the outcome of its last run.
SELECT 'policy' AS object_kind,
       CAST(:schema_name AS text) AS schema_name,
       CAST(:policy AS text) AS object_name,
       l.seconds AS impact,
       format('The oldest row that policy %s should have removed from %I.%I is %s days overdue.', CAST(:policy AS text),
              CAST(:schema_name AS text), CAST(:table_name AS text), round((l.seconds / 86400)::numeric, 1)) AS message,
       jsonb_build_object('policy', CAST(:policy AS text), 'oldest', o.oldest, 'cutoff', c.cutoff,
                          'days_late', round((l.seconds / 86400)::numeric, 1)) AS evidence
FROM (SELECT CAST(:cutoff AS timestamptz) AS cutoff) c
CROSS JOIN LATERAL (SELECT min(@time@) AS oldest FROM @table@ AS t WHERE @eligible@) o
CROSS JOIN LATERAL (SELECT extract(epoch FROM c.cutoff - o.oldest) AS seconds) l
WHERE l.seconds > :grace_seconds
