-- All indexes of a database with what decides whether they may be rebuilt. Sizes are those of the latest VACUUM or ANALYZE:
-- no index is opened, so no lock is waited for.
-- Parameter: whether the target acts as the owner of each table, so that it matters whether who logged in may become that.
SELECT c.oid                                                          AS oid,
       n.nspname                                                      AS schema,
       c.relname                                                      AS name,
       t.oid                                                          AS table_oid,
       tn.nspname                                                     AS table_schema,
       t.relname                                                      AS table_name,
       c.relkind = 'I'                                                AS partitioned,
       CASE WHEN c.relispartition THEN p.inhparent END                AS parent,
       CASE WHEN t.relispartition THEN tp.inhparent END               AS table_parent,
       i.indisvalid                                                   AS valid,
       i.indisexclusion                                               AS exclusion,
       c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint AS bytes,
       CASE WHEN CAST(? AS boolean)
            THEN pg_catalog.pg_has_role(session_user, t.relowner,
                CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
            ELSE pg_catalog.pg_has_role(t.relowner, 'USAGE')
                 OR CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 170000
                         THEN pg_catalog.has_table_privilege(t.oid, 'MAINTAIN')
                         ELSE pg_catalog.pg_has_role(d.datdba, 'USAGE') END
            END                                                       AS allowed
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
  LEFT JOIN pg_catalog.pg_inherits p ON p.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_catalog.pg_inherits tp ON tp.inhrelid = t.oid AND t.relispartition
 WHERE c.relpersistence <> 't'
   AND n.nspname <> 'information_schema'
   AND n.nspname !~ '^pg_'
 ORDER BY n.nspname, c.relname
