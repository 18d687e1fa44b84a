-- Parameters: excluded users, excluded applications, seconds. Why a query is left alone is told by the progress views
-- first, for they cannot be deceived by comments, and by the text of the query for what has no progress to show.
SELECT a.pid,
       coalesce(a.usename, '') AS user_name,
       a.application_name AS application,
       coalesce(extract(epoch FROM clock_timestamp() - a.query_start), 0)::float8 AS seconds,
       left(a.query, 1000) AS query,
       a.backend_start,
       a.query_start,
       CASE
           WHEN a.state IS NULL THEN 'what it does is not visible to Caretaker''s role, which needs pg_read_all_stats'
           WHEN a.backend_type = 'walsender' THEN 'it serves replication'
           WHEN a.backend_type = 'autovacuum worker' THEN 'it is autovacuum'
           WHEN a.application_name ~ '^caretaker' THEN 'it is Caretaker''s own'
           WHEN a.application_name ~ '^pg_(dump|dumpall|restore|basebackup|receivewal|recvlogical|amcheck)' THEN 'it is a dump or a backup'
           WHEN EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.pid = a.pid)
                OR q.words ~ '^(CREATE( UNIQUE)? INDEX|REINDEX)\M' THEN 'it builds an index'
           WHEN EXISTS (SELECT FROM pg_catalog.pg_stat_progress_vacuum p WHERE p.pid = a.pid)
                OR EXISTS (SELECT FROM pg_catalog.pg_stat_progress_analyze p WHERE p.pid = a.pid)
                OR EXISTS (SELECT FROM pg_catalog.pg_stat_progress_cluster p WHERE p.pid = a.pid)
                OR q.words ~ '^(VACUUM|ANALYZE|ANALYSE|CLUSTER|REPACK)\M' THEN 'it is VACUUM, ANALYZE or a rewrite'
           WHEN EXISTS (SELECT FROM pg_catalog.pg_stat_progress_basebackup p WHERE p.pid = a.pid) THEN 'it is a dump or a backup'
           WHEN a.usename::text = ANY (x.users) THEN 'its user is excluded'
           WHEN a.application_name = ANY (x.applications) THEN 'its application is excluded'
           ELSE ''
       END AS reason
FROM (SELECT CAST(? AS text[]) AS users, CAST(? AS text[]) AS applications, CAST(? AS float8) AS seconds) x
JOIN pg_catalog.pg_stat_activity a ON a.datname = current_database()
-- the query without leading comments, in capitals, single-spaced
CROSS JOIN LATERAL (
    SELECT regexp_replace(upper(regexp_replace(a.query, '^(\s|--[^\n]*\n|/\*.*?\*/)+', '')), '\s+', ' ', 'g') AS words) q
WHERE a.pid <> pg_backend_pid()
  AND coalesce(a.backend_type, 'client backend') IN ('client backend', 'autovacuum worker', 'walsender')
  AND (a.state IS NULL
       OR (a.state = 'active' AND extract(epoch FROM clock_timestamp() - a.query_start) >= x.seconds))
ORDER BY a.query_start NULLS LAST, a.pid
