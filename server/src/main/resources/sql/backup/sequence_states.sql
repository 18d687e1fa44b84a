-- Sequences with the columns they fill; where they stand is asked of each.
SELECT n.nspname AS schema, c.relname AS name, s.seqincrement, tn.nspname AS table_schema, t.relname AS table_name,
       COALESCE(a.attname, '') AS column_name
  FROM pg_catalog.pg_sequence s
  JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_depend own ON own.classid = 'pg_catalog.pg_class'::regclass AND own.objid = c.oid
                                    AND own.refclassid = 'pg_catalog.pg_class'::regclass AND own.refobjsubid > 0
                                    AND own.deptype IN ('a', 'i')
  LEFT JOIN pg_catalog.pg_class t ON t.oid = own.refobjid
  LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = own.refobjid AND a.attnum = own.refobjsubid
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, 2
