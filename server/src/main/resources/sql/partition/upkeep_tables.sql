-- Tables by name, with what upkeep must know of them. Waits for no lock.
-- Parameters: whether the target acts as the owner of each; schemas and names, one each of a table.
SELECT c.oid::pg_catalog.int8                                AS oid,
       n.nspname                                             AS schema_name,
       c.relname                                             AS table_name,
       CASE k.partstrat WHEN 'r' THEN 'RANGE' WHEN 'l' THEN 'LIST' WHEN 'h' THEN 'HASH' END AS strategy,
       a.attname                                             AS key_column,
       pg_catalog.format_type(a.atttypid, -1)                AS key_type,
       pg_catalog.pg_get_userbyid(c.relowner)                AS owner,
       CASE WHEN CAST(? AS boolean)
            THEN pg_catalog.pg_has_role(session_user, c.relowner,
                CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
            ELSE pg_catalog.pg_has_role(c.relowner, 'USAGE') END AS may_act,
       -- of a superuser nobody is made a member
       (SELECT CASE WHEN NOT r.rolsuper
                    THEN pg_catalog.format('GRANT %I TO %I', r.rolname, pg_catalog.text(SESSION_USER)) END
          FROM pg_catalog.pg_roles r
         WHERE r.oid = c.relowner)                           AS membership,
       c.relispartition                                      AS is_partition,
       o.schemas                                             AS referenced_schemas,
       o.names                                               AS referenced_names,
       r.schemas                                             AS referencing_schemas,
       r.names                                               AS referencing_names,
       -- nested, because both functions refuse what is no sequence
       (SELECT CASE WHEN s.relkind = 'S'
                    THEN CASE WHEN pg_catalog.has_sequence_privilege(s.oid, 'USAGE, SELECT')
                              THEN pg_catalog.pg_sequence_last_value(s.oid)::pg_catalog.numeric END END
          FROM pg_catalog.pg_depend d
          JOIN pg_catalog.pg_class s ON s.oid = d.objid
         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
           AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
           AND d.refobjid = c.oid
           AND d.refobjsubid = a.attnum
         ORDER BY s.relkind = 'S' DESC
         LIMIT 1)                                            AS sequence_value
  FROM (SELECT DISTINCT *
          FROM ROWS FROM (pg_catalog.unnest(CAST(? AS pg_catalog.text[])), pg_catalog.unnest(CAST(? AS pg_catalog.text[])))
                         AS named (schema_name, table_name)) wanted
  JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema_name
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.table_name
  LEFT JOIN pg_catalog.pg_partitioned_table k ON k.partrelid = c.oid
  LEFT JOIN pg_catalog.pg_attribute a
         ON a.attrelid = c.oid AND k.partnatts = 1 AND a.attnum = k.partattrs[0] AND a.attnum <> 0
  LEFT JOIN LATERAL (
      SELECT pg_catalog.array_agg(fn.nspname::pg_catalog.text ORDER BY f.conname) AS schemas,
             pg_catalog.array_agg(fc.relname::pg_catalog.text ORDER BY f.conname) AS names
        FROM pg_catalog.pg_constraint f
        JOIN pg_catalog.pg_class fc ON fc.oid = f.confrelid
        JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
       WHERE f.conrelid = c.oid AND f.contype = 'f') o ON true
  LEFT JOIN (
      -- of all tables at once: no index leads from a referenced table to the keys that reference it
      SELECT f.confrelid,
             pg_catalog.array_agg(fn.nspname::pg_catalog.text ORDER BY f.conname) AS schemas,
             pg_catalog.array_agg(fc.relname::pg_catalog.text ORDER BY f.conname) AS names
        FROM pg_catalog.pg_constraint f
        JOIN pg_catalog.pg_class fc ON fc.oid = f.conrelid
        JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
       WHERE f.contype = 'f' AND NOT fc.relispartition
       GROUP BY f.confrelid) r ON r.confrelid = c.oid
 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND c.relpersistence <> 't'
