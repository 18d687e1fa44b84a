-- Functions that hang on the table itself or on its row type, and columns of that type. Parameter: oid of the table, three times.
SELECT 'body'                                           AS kind,
       pg_catalog.pg_describe_object(d.classid, d.objid, 0) AS what,
       pg_catalog.pg_get_functiondef(p.oid)             AS definition,
       pg_catalog.pg_has_role(p.proowner, 'USAGE')      AS may_act
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_proc p ON p.oid = d.objid AND p.prokind IN ('f', 'p')
 WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
   AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
   AND d.refobjid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
 GROUP BY d.classid, d.objid, p.oid, p.proowner
UNION ALL
SELECT CASE WHEN d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  AND EXISTS (SELECT FROM pg_catalog.pg_class v WHERE v.oid = d.objid AND v.relkind IN ('v', 'm'))
            THEN 'view' ELSE 'row type' END,
       pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid),
       NULL,
       true
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_type t ON t.oid = c.reltype
  JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
                             AND d.refobjid IN (t.oid, t.typarray) AND d.deptype = 'n'
 WHERE c.oid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND NOT (d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.objid = t.typarray)
   AND NOT (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = CAST(? AS pg_catalog.int8)::pg_catalog.oid)
 ORDER BY 1, 2
