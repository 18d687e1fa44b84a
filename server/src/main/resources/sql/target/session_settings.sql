-- Makes the given settings for the session, as far as this version of the server knows them, and those that depend on
-- what the role already has. Its own search_path is put aside, for statements that may run an application's code; pg_temp
-- goes last in it, so that a temporary table shadows nothing. Until this has run names are found in that path, so all of
-- them are qualified here.
WITH wanted (name, value) AS (
    SELECT * FROM ROWS FROM (pg_catalog.unnest(CAST(? AS pg_catalog.text[])),
                             pg_catalog.unnest(CAST(? AS pg_catalog.text[]))) AS given (name, value)
     WHERE pg_catalog.current_setting(given.name, true) IS NOT NULL
  UNION ALL
    SELECT 'synchronous_commit', 'local'
     WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'
  UNION ALL
    SELECT 'session_replication_role', 'origin'
     WHERE pg_catalog.current_setting('session_replication_role') OPERATOR(pg_catalog.<>) 'origin'
  UNION ALL
    SELECT 'caretaker.application_path',
           CASE WHEN path.text OPERATOR(pg_catalog.~) '(^|[ ,"])pg_temp($|[ ,"])' THEN path.text
                WHEN path.text OPERATOR(pg_catalog.=) '' THEN 'pg_temp'
                ELSE pg_catalog.concat(path.text, ', pg_temp')
           END
      FROM pg_catalog.current_setting('search_path') AS path (text)
  UNION ALL
    SELECT 'search_path', 'pg_catalog, pg_temp'
)
SELECT pg_catalog.set_config(name, value, false)
  FROM wanted
