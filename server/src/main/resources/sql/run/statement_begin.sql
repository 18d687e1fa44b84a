-- What timeouts a session has and where the log ends, and the settings that a statement of a step runs with: no statement timeout;
-- no lock timeout if it waits for the run's deadline alone; the application's path unless it is to be taken on later.
SELECT was.statement_timeout,
       was.lock_timeout,
       was.wal_position,
       pg_catalog.set_config('statement_timeout', '0', false),
       CASE WHEN asked.waits THEN pg_catalog.set_config('lock_timeout', '0', false) END,
       CASE WHEN asked.application
            THEN pg_catalog.set_config('search_path', pg_catalog.current_setting('caretaker.application_path'), false) END
  FROM (SELECT CAST(? AS boolean) AS waits, CAST(? AS boolean) AS application) AS asked
 CROSS JOIN (SELECT pg_catalog.current_setting('statement_timeout') AS statement_timeout,
                    pg_catalog.current_setting('lock_timeout') AS lock_timeout,
                    CAST(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_insert_lsn(), '0/0') AS bigint) AS wal_position
             OFFSET 0) AS was
