-- All tables, partitioned tables and materialized views of a database, with what tells whether they need VACUUM or ANALYZE.
-- The statistics are those of the server's counters; no table is opened, so no lock is waited for.
-- Parameter: whether the target acts as the owner of each, so that it matters whether who logged in may become that.
-- freeze_percent is the age of the oldest unfrozen row (of the table or its TOAST) as a share of the age at which
-- autovacuum is forced, for transactions or multixacts, whichever is nearer.
WITH limits AS (
    SELECT pg_catalog.current_setting('autovacuum_freeze_max_age')::float8           AS xids,
           pg_catalog.current_setting('autovacuum_multixact_freeze_max_age')::float8 AS mxids
)
SELECT c.oid                                                          AS oid,
       n.nspname                                                      AS schema,
       c.relname                                                      AS name,
       c.relkind = 'p'                                                AS partitioned,
       CASE WHEN c.relispartition THEN i.inhparent END                AS parent,
       greatest(c.reltuples, 0)::bigint                               AS rows_estimated,
       c.reltuples < 0                                                AS never_seen,
       pg_catalog.pg_stat_get_live_tuples(c.oid)                      AS live,
       pg_catalog.pg_stat_get_dead_tuples(c.oid)                      AS dead,
       pg_catalog.pg_stat_get_mod_since_analyze(c.oid)                AS changed,
       pg_catalog.pg_stat_get_ins_since_vacuum(c.oid)                 AS inserted,
       greatest(pg_catalog.pg_stat_get_last_analyze_time(c.oid),
                pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid))  AS analyzed,
       coalesce(100 * greatest(
           pg_catalog.age(nullif(c.relfrozenxid::text, '0')::xid) / limits.xids,
           pg_catalog.age(nullif(t.relfrozenxid::text, '0')::xid) / limits.xids,
           pg_catalog.mxid_age(nullif(c.relminmxid::text, '0')::xid) / limits.mxids,
           pg_catalog.mxid_age(nullif(t.relminmxid::text, '0')::xid) / limits.mxids), 0) AS freeze_percent,
       CASE WHEN CAST(? AS boolean)
            THEN pg_catalog.pg_has_role(session_user, c.relowner,
                CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
            ELSE pg_catalog.pg_has_role(c.relowner, 'USAGE')
                 OR CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 170000
                         THEN pg_catalog.has_table_privilege(c.oid, 'MAINTAIN')
                         ELSE pg_catalog.pg_has_role(d.datdba, 'USAGE') END
            END                                                       AS allowed
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
 CROSS JOIN limits
  LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
  LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
 WHERE c.relkind IN ('r', 'p', 'm')
   AND c.relpersistence <> 't'
   AND n.nspname <> 'information_schema'
   AND n.nspname !~ '^pg_'
 ORDER BY n.nspname, c.relname
