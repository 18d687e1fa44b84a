-- Foreign keys of a table; partitions have theirs from above.
SELECT 'foreign key' AS kind, n.nspname AS schema, con.conname AS name, n.nspname AS table_schema, c.relname AS table_name,
       pg_catalog.format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, con.conname,
                         pg_catalog.pg_get_constraintdef(con.oid)) AS statement,
       '' AS role
  FROM pg_catalog.pg_constraint con
  JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE con.conrelid = CAST(? AS bigint)::oid AND con.contype = 'f' AND con.conparentid = 0
 ORDER BY con.conname
