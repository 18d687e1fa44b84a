-- Checks of domains that old values need not obey: rows come before them.
SELECT 'domain check' AS kind, n.nspname AS schema, pg_catalog.concat(t.typname, ' ', con.conname) AS name, NULL AS table_schema, NULL AS table_name,
       pg_catalog.format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, con.conname,
                         pg_catalog.pg_get_constraintdef(con.oid)) AS statement,
       '' AS role
  FROM pg_catalog.pg_constraint con
  JOIN pg_catalog.pg_type t ON t.oid = con.contypid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
 WHERE con.contype = 'c' AND NOT con.convalidated AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
 ORDER BY 2, 3, con.conname
