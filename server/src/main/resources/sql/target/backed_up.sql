-- Whether a backup of Caretaker's holds a lock on a relation. Its sessions are told by their names.
SELECT EXISTS (SELECT
                 FROM pg_catalog.pg_locks l
                 JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'relation'
                  AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
                  AND l.relation = CAST(? AS bigint)::oid
                  AND l.granted
                  AND a.application_name LIKE 'caretaker/backup %')
