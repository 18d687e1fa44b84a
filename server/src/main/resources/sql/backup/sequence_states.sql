-- Sequences with the columns they fill; where they stand is asked of each. A column that is no number is none that it fills, whoever
-- owns the sequence: 'INV-17' is made of one, and is not behind or ahead of it.
WITH RECURSIVE number (oid) AS (
    SELECT oid
      FROM pg_catalog.pg_type
     WHERE oid IN ('pg_catalog.int2'::regtype, 'pg_catalog.int4'::regtype, 'pg_catalog.int8'::regtype, 'pg_catalog.numeric'::regtype,
                   'pg_catalog.float4'::regtype, 'pg_catalog.float8'::regtype)
     UNION
    SELECT d.oid
      FROM pg_catalog.pg_type d
      JOIN number ON d.typbasetype = number.oid
)
SELECT n.nspname AS schema, c.relname AS name, s.seqincrement, tn.nspname AS table_schema, t.relname AS table_name,
       COALESCE(a.attname, '') AS column_name,
       COALESCE(pg_catalog.has_sequence_privilege(c.oid, 'SELECT'), true) AS readable -- NULL: dropped meanwhile
  FROM pg_catalog.pg_sequence s
  JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_depend own ON own.classid = 'pg_catalog.pg_class'::regclass AND own.objid = c.oid
                                    AND own.refclassid = 'pg_catalog.pg_class'::regclass AND own.refobjsubid > 0
                                    AND own.deptype IN ('a', 'i')
  LEFT JOIN pg_catalog.pg_class t ON t.oid = own.refobjid
  LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = own.refobjid AND a.attnum = own.refobjsubid
                                       AND a.atttypid IN (SELECT oid FROM number)
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1, 2
