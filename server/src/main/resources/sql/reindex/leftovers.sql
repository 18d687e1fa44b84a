-- Invalid indexes named like those of REINDEX CONCURRENTLY: _ccnew while it builds, _ccold when it has swapped. Of one table,
-- or of all for 0. builder is a session that builds on the table now.
SELECT c.oid                                AS oid,
       n.nspname                            AS schema,
       c.relname                            AS name,
       t.oid                                AS table_oid,
       tn.nspname                           AS table_schema,
       t.relname                            AS table_name,
       CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_locks l
                          WHERE l.locktype = 'relation' AND l.relation = c.oid AND l.mode = 'AccessExclusiveLock'
                            AND l.pid <> pg_catalog.pg_backend_pid())
            THEN 0 ELSE pg_catalog.pg_relation_size(c.oid) END AS bytes,
       (SELECT pg_catalog.min(b.pid)
          FROM pg_catalog.pg_stat_progress_create_index b
         WHERE b.relid = t.oid AND b.datname = pg_catalog.current_database()) AS builder,
       pg_catalog.pg_has_role(t.relowner, 'USAGE') AS owned
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
 WHERE NOT i.indisvalid
   AND c.relname ~ '_cc(new|old)[0-9]*$'
   AND (CAST(? AS pg_catalog.oid) = 0 OR t.oid = CAST(? AS pg_catalog.oid))
 ORDER BY tn.nspname, t.relname, c.relname
