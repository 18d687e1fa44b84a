-- What keeps this session from counting the rows of relations, as a clause; no row for one that it may count. Asked before, so
-- that the target's log does not fill with errors that were to be expected.
-- Parameter: array of oids, as text.
WITH locked AS MATERIALIZED (
    SELECT DISTINCT l.relation AS oid
      FROM pg_catalog.pg_locks l
     WHERE l.locktype = 'relation'
       AND l.mode = 'AccessExclusiveLock'
       AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
       AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
), judged AS (
    SELECT c.oid,
           CASE WHEN NOT pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') THEN 'the role lacks USAGE on its schema'
                WHEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN 'the role lacks SELECT on it'
                WHEN pg_catalog.row_security_active(c.oid) THEN 'row security would hide rows from the role'
                WHEN EXISTS (SELECT FROM locked l WHERE l.oid = c.oid) THEN 'somebody holds or wants it exclusively'
           END AS why
      FROM pg_catalog.pg_class c
     WHERE c.oid = ANY (CAST(? AS pg_catalog.oid[]))
)
SELECT oid, why FROM judged WHERE why IS NOT NULL
