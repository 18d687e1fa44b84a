-- Columns, with the sequences that belong to them. Parameter: oid of the table.
SELECT a.attnum                                         AS number,
       a.attname                                        AS name,
       pg_catalog.format_type(a.atttypid, -1)           AS type,
       pg_catalog.format_type(a.atttypid, a.atttypmod)  AS full_type,
       a.attnotnull                                     AS not_null,
       a.attidentity                                    AS identity,
       a.attgenerated                                   AS generated,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid)       AS default_expression,
       coalesce(a.attstattarget, -1)::pg_catalog.int4   AS statistics_target,
       a.attoptions                                     AS options,
       sn.nspname                                       AS sequence_schema,
       s.relname                                        AS sequence_name,
       q.seqstart                                       AS sequence_start,
       q.seqincrement                                   AS sequence_increment,
       q.seqmin                                         AS sequence_min,
       q.seqmax                                         AS sequence_max,
       q.seqcache                                       AS sequence_cache,
       q.seqcycle                                       AS sequence_cycle,
       pg_catalog.obj_description(s.oid, 'pg_class')    AS sequence_comment,
       (SELECT pg_catalog.array_agg(g.privilege_type || CASE WHEN g.is_grantable THEN '*' ELSE '' END || ' '
                   || CASE WHEN g.grantee = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(g.grantee) END
                   ORDER BY g.grantee, g.privilege_type)
          FROM pg_catalog.aclexplode(s.relacl) g
         WHERE g.grantee <> s.relowner)                 AS sequence_grants
  FROM pg_catalog.pg_attribute a
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN (pg_catalog.pg_depend o
             JOIN pg_catalog.pg_class s ON s.oid = o.objid AND s.relkind = 'S')
         ON o.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND o.refobjid = a.attrelid
        AND o.refobjsubid = a.attnum AND o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND o.deptype IN ('a', 'i')
  LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
  LEFT JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
 WHERE a.attrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum, s.relname
