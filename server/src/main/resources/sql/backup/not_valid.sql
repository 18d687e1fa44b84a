-- Constraints that old rows need not obey, and indexes that are not valid.
SELECT pg_catalog.format('Constraint %s of %s.%s is not valid: rows that were there before it were never checked.',
                         con.conname, n.nspname, c.relname) AS sentence
  FROM pg_catalog.pg_constraint con
  JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT con.convalidated AND n.nspname !~ '^pg_'
UNION ALL
SELECT pg_catalog.format('Index %s.%s is not valid.', n.nspname, c.relname)
  FROM pg_catalog.pg_index x
  JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT x.indisvalid AND n.nspname !~ '^pg_'
 ORDER BY 1
 LIMIT 100
