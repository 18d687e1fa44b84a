-- id: slow-queries
-- title: Slow queries
-- category: activity
-- severity: info
-- confidence: certain
-- impact: seconds
-- reads: primary
-- needs: extension pg_stat_statements — add it to shared_preload_libraries, restart, and run CREATE EXTENSION
--   pg_stat_statements
-- threshold: min_mean_milliseconds = 1000 milliseconds — Smallest mean run time that is reported.
-- threshold: min_calls = 1 calls — Fewest calls.
-- threshold: top = 20 queries — Most queries that are reported, by their total time.
-- meaning: These statements take long on average; the impact is the time spent on all their calls since statistics began.
--   Statements whose text the role may not see are counted as not seen.
-- remedy: Look at the plan: missing index, stale statistics, or simply much work. From version 16 on the statement below,
--   pasted into psql, shows it without values and without running the query; EXPLAIN (ANALYZE, BUFFERS) with real values runs it and tells
--   where the time goes.
WITH statements AS (
    SELECT s.queryid, s.calls, s.rows, s.query, r.rolname,
           -- the columns were renamed in version 1.8 of the extension
           coalesce(j.row ->> 'mean_exec_time', j.row ->> 'mean_time')::float8 AS mean,
           coalesce(j.row ->> 'total_exec_time', j.row ->> 'total_time')::float8 AS total,
           coalesce(j.row ->> 'max_exec_time', j.row ->> 'max_time')::float8 AS longest
    FROM @extschema:pg_stat_statements@.pg_stat_statements s
    CROSS JOIN LATERAL (SELECT to_jsonb(s) - 'query' AS row) j
    LEFT JOIN pg_roles r ON r.oid = s.userid
    WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
), slow AS (
    SELECT * FROM statements
    WHERE mean >= :min_mean_milliseconds
      AND calls >= :min_calls
      AND query <> '<insufficient privilege>'
    ORDER BY total DESC
    LIMIT :top
)
SELECT 'query' AS object_kind,
       coalesce(queryid::text, md5(query)) AS object_name,
       coalesce(rolname, '') AS object_key,
       total / 1000 AS impact,
       0::bigint AS unseen,
       format('A query of user %s takes %s ms on average, in %s.', rolname, to_char(mean::numeric, 'FM999,999,999,999,990'),
              to_char(calls, 'FM999,999,999,999,990') || CASE calls WHEN 1 THEN ' call' ELSE ' calls' END) AS message,
       jsonb_build_object('query', left(query, 1000), 'user', rolname, 'calls', calls, 'rows', rows,
                          'mean_ms', round(mean::numeric, 1), 'max_ms', round(longest::numeric, 1),
                          'total_seconds', round((total / 1000)::numeric, 1)) AS evidence,
       CASE WHEN current_setting('server_version_num')::int >= 160000
                 AND query ~* '^\s*(SELECT|WITH|INSERT|UPDATE|DELETE|MERGE)\M'
                 AND length(query) <= 4000
            THEN 'EXPLAIN (GENERIC_PLAN) ' || btrim(query, E' \t\n\r;') || ';' END AS remediation
FROM slow
UNION ALL
SELECT 'query', '', '', 0, count(*), 'the role may not see queries of others; GRANT pg_monitor TO it', '{}', NULL
FROM statements
WHERE query = '<insufficient privilege>'
HAVING count(*) > 0
