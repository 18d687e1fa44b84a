-- What hangs on the table by its oid and would keep to the old rows, or on the sequence of an identity that is made anew.
-- Parameter: oid of the table, four times.
SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid) AS what
  FROM pg_catalog.pg_depend d
 WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
   AND d.refobjid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND (EXISTS (SELECT FROM pg_catalog.pg_policy p
                 WHERE d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND p.oid = d.objid
                   AND p.polrelid <> CAST(? AS pg_catalog.int8)::pg_catalog.oid)
        OR EXISTS (SELECT FROM pg_catalog.pg_trigger t
                    WHERE d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND t.oid = d.objid
                      AND NOT t.tgisinternal AND t.tgrelid <> CAST(? AS pg_catalog.int8)::pg_catalog.oid))
UNION
SELECT pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_catalog.pg_depend own
  JOIN pg_catalog.pg_depend d ON d.refclassid = own.classid AND d.refobjid = own.objid AND d.deptype = 'n'
 WHERE own.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
   AND own.refobjid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
   AND own.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND own.refobjsubid > 0 AND own.deptype = 'i'
 ORDER BY 1
