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
--   is not run, does not finish, or leaves rows behind. Where rows of other tables refer to all of these, so that no cleanup
--   can delete them, or may refer to them by a key that casts with a user's function, it is only good to know, and the
--   tables are named. Rows dated before 1971 look like a default and not like a time; where there are others they do not
--   count, and where there are no others they are only good to know.
--   Without an index that leads to the oldest row the table is read, for at most the statement timeout of checks; a policy
--   for which that is not enough is counted as not seen.
-- remedy: Plan and execute the policy; look at the outcome of its last run. Rows that are held back go once those that refer
--   to them are gone: give their table a policy too.
SELECT 'policy' AS object_kind,
       CAST(:schema_name AS text) AS schema_name,
       CAST(:policy AS text) AS object_name,
       CASE WHEN f.free IS NULL THEN 'info' END AS severity,
       l.seconds AS impact,
       CASE WHEN d.dated IS NULL
            THEN format('Policy %s should have removed rows of %I.%I that are dated %s, which looks like a default.',
                        CAST(:policy AS text), CAST(:schema_name AS text), CAST(:table_name AS text), date_trunc('second', d.oldest))
            WHEN f.free IS NULL
            THEN format('Rows of %I.%I, the oldest %s days overdue under policy %s, are held back by rows of %s.',
                        CAST(:schema_name AS text), CAST(:table_name AS text), round(l.seconds / 86400, 1),
                        CAST(:policy AS text), h.holders)
            ELSE format('The oldest row that policy %s should have removed from %I.%I is %s days overdue.',
                        CAST(:policy AS text), CAST(:schema_name AS text), CAST(:table_name AS text),
                        round(l.seconds / 86400, 1))
       END AS message,
       jsonb_build_object('policy', CAST(:policy AS text), 'oldest', d.oldest, 'oldest_since_1971', d.dated,
                          'oldest_not_held_back', f.free, 'held_back_by', h.holders, 'cutoff', c.cutoff,
                          'days_late', round(l.seconds / 86400, 1)) AS evidence,
       m.measure,
       l.seconds AS value
FROM (SELECT CAST(:cutoff AS timestamptz) AS cutoff, timestamptz '1971-01-01 00:00:00+00' AS first,
             CAST(:cutoff AS timestamptz) - make_interval(secs => :grace_seconds) AS due) c
CROSS JOIN LATERAL (SELECT min(@time@) AS oldest FROM @table@ AS t WHERE @eligible@) o
CROSS JOIN LATERAL (
    SELECT o.oldest,
           CASE WHEN o.oldest >= c.first THEN o.oldest
                WHEN o.oldest < c.first
                THEN (SELECT min(@time@) FROM @table@ AS t WHERE @eligible@ AND @time@ >= c.first) END AS dated) d
CROSS JOIN LATERAL (
    SELECT CASE WHEN d.dated < c.due
                THEN (SELECT min(@time@) FROM @table@ AS t
                      WHERE @eligible@ AND @time@ >= c.first AND @time@ < c.due AND NOT @held@) END AS free) f
CROSS JOIN LATERAL (
    SELECT CASE WHEN d.dated < c.due AND f.free IS DISTINCT FROM d.dated
                THEN (SELECT string_agg(DISTINCT u.name, ', ' ORDER BY u.name)
                      FROM (SELECT @holders@ AS names FROM @table@ AS t
                            WHERE @eligible@ AND @time@ >= c.first AND @time@ < c.due LIMIT 1000) s
                      CROSS JOIN LATERAL unnest(s.names) AS u (name)) END AS holders) h
CROSS JOIN LATERAL (SELECT coalesce(extract(epoch FROM c.cutoff - coalesce(f.free, d.dated)), 0) AS seconds) l
CROSS JOIN (VALUES (NULL), ('policy-overdue')) AS m (measure)
WHERE m.measure IS NOT NULL
   OR d.dated < c.due
   OR (d.oldest IS NOT NULL AND d.dated IS NULL)
