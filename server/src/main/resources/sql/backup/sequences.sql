-- Sequences that are no identity column's: those are made with their tables.
SELECT 'sequence' AS kind, n.nspname AS schema, c.relname AS name,
       tn.nspname AS table_schema, t.relname AS table_name,
       pg_catalog.format('CREATE %sSEQUENCE %I.%I AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s',
                         CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, n.nspname, c.relname,
                         pg_catalog.format_type(s.seqtypid, -1), s.seqincrement, s.seqmin, s.seqmax, s.seqstart,
                         s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' END) AS statement,
       '' AS role,
       CASE WHEN t.oid IS NOT NULL
            THEN pg_catalog.format('ALTER SEQUENCE %I.%I OWNED BY %I.%I.%I', n.nspname, c.relname, tn.nspname, t.relname,
                                   a.attname) END AS owned
  FROM pg_catalog.pg_sequence s
  JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_depend own ON own.classid = 'pg_catalog.pg_class'::regclass AND own.objid = c.oid
                                    AND own.refclassid = 'pg_catalog.pg_class'::regclass AND own.refobjsubid > 0
                                    AND own.deptype = 'a'
  LEFT JOIN pg_catalog.pg_class t ON t.oid = own.refobjid
  LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = own.refobjid AND a.attnum = own.refobjsubid
 WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
 ORDER BY 2, 3
