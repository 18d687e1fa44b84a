-- Comments on what belongs to a table and is made anew for the partitioned one. Parameter: oid of the table, four times.
SELECT 'TRIGGER' AS kind, t.tgname AS name, d.description AS comment
  FROM pg_catalog.pg_trigger t
  JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND d.objoid = t.oid
 WHERE t.tgrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid AND NOT t.tgisinternal
UNION ALL
SELECT 'POLICY', p.polname, d.description
  FROM pg_catalog.pg_policy p
  JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objoid = p.oid
 WHERE p.polrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
UNION ALL
SELECT 'RULE', r.rulename, d.description
  FROM pg_catalog.pg_rewrite r
  JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objoid = r.oid
 WHERE r.ev_class = CAST(? AS pg_catalog.int8)::pg_catalog.oid
UNION ALL
SELECT 'CONSTRAINT', k.conname, d.description
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass AND d.objoid = k.oid
 WHERE k.conrelid = CAST(? AS pg_catalog.int8)::pg_catalog.oid
 ORDER BY 1, 2
