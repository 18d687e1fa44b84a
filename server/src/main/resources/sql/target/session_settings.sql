-- Makes the given settings for the session, as far as this version of the server knows them, and those that depend on
-- what the role already has.
WITH wanted (name, value) AS (
    SELECT * FROM ROWS FROM (pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]))
  UNION ALL
    SELECT 'synchronous_commit', 'local'
     WHERE pg_catalog.current_setting('synchronous_commit') = 'off'
  UNION ALL
    SELECT 'session_replication_role', 'origin'
     WHERE pg_catalog.current_setting('session_replication_role') <> 'origin'
  UNION ALL
    SELECT 'search_path', pg_catalog.concat_ws(', ', nullif(path, ''), 'pg_temp')
      FROM pg_catalog.current_setting('search_path') AS path
     WHERE path !~ '(^|[ ,"])pg_temp($|[ ,"])'
)
SELECT pg_catalog.set_config(name, value, false)
  FROM wanted
 WHERE pg_catalog.current_setting(name, true) IS NOT NULL
