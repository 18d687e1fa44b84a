-- Rules of the table, and views over it. Parameter: oid of the table, twice.
SELECT 'rule'                                           AS kind,
       NULL::pg_catalog.text                            AS schema_name,
       r.rulename::pg_catalog.text                      AS name,
       pg_catalog.pg_get_ruledef(r.oid)                 AS definition,
       NULL::pg_catalog.text[]                          AS options,
       r.ev_enabled::pg_catalog.text                    AS enabled,
       true                                             AS may_act
  FROM pg_catalog.pg_rewrite r
 WHERE r.ev_class = CAST(? AS pg_catalog.int8)::pg_catalog.oid
UNION ALL
SELECT DISTINCT CASE v.relkind WHEN 'm' THEN 'materialized' WHEN 'v' THEN 'view' ELSE 'other' END,
       n.nspname::pg_catalog.text,
       v.relname::pg_catalog.text,
       CASE WHEN v.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(v.oid) END,
       v.reloptions,
       NULL::pg_catalog.text,
       pg_catalog.pg_has_role(v.relowner, 'USAGE')
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_class <> d.refobjid
  JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
  JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
 WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
   AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
   AND d.refobjid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
 ORDER BY 1, 2, 3
