-- Everything about relations that takes one row each.
SELECT c.oid,
       n.nspname,
       c.relname,
       c.relkind,
       c.relpersistence,
       pg_get_userbyid(c.relowner)                           AS owner,
       pt.partstrat,
       pg_get_partkeydef(c.oid)                              AS key_definition,
       nullif(pt.partdefid, 0)                               AS key_default,
       ARRAY(SELECT a.attname::text
               FROM unnest(pt.partattrs::int2[]) WITH ORDINALITY AS k (attnum, ord)
               LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0
              ORDER BY k.ord)                                AS key_columns,
       i.inhparent                                           AS parent_oid,
       -- With the relation's oid it would lock the relation; bounds have no columns in them, so 0 does.
       pg_get_expr(c.relpartbound, 0)                        AS bound,
       i.inhdetachpending,
       c.relrowsecurity,
       row_security_active(c.oid)                            AS row_security_active,
       CASE c.relreplident
           WHEN 'f' THEN true
           WHEN 'd' THEN EXISTS (SELECT FROM pg_index x
                                  WHERE x.indrelid = c.oid AND x.indisprimary AND x.indisvalid AND x.indimmediate)
           WHEN 'i' THEN EXISTS (SELECT FROM pg_index x
                                  WHERE x.indrelid = c.oid AND x.indisreplident AND x.indisvalid)
           ELSE false
       END                                                   AS replica_identity,
       has_schema_privilege(n.oid, 'USAGE')                  AS schema_usage,
       has_table_privilege(c.oid, 'SELECT')                  AS can_select,
       has_table_privilege(c.oid, 'DELETE')                  AS can_delete,
       pg_has_role(c.relowner, 'USAGE')                      AS owns,
       pg_has_role(c.relowner, 'USAGE')
           OR CASE WHEN current_setting('server_version_num')::int >= 170000
                   THEN has_table_privilege(c.oid, 'MAINTAIN')
                   ELSE pg_has_role(d.datdba, 'USAGE') AND NOT c.relisshared
              END                                            AS maintain,
       c.reltuples,
       pg_stat_get_mod_since_analyze(c.oid)                  AS mod_since_analyze,
       coalesce(pg_stat_get_last_analyze_time(c.oid),
                pg_stat_get_last_autoanalyze_time(c.oid)) IS NOT NULL AS dated
  FROM unnest(?::oid[]) WITH ORDINALITY AS wanted (oid, ord)
  JOIN pg_class c ON c.oid = wanted.oid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_database d ON d.datname = current_database()
  LEFT JOIN pg_partitioned_table pt ON pt.partrelid = c.oid
  LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
 ORDER BY wanted.ord
