-- The same where the server records a version of the database's collation, too: since 15.
SELECT CASE WHEN c.oid = 100 THEN '' ELSE n.nspname END AS schema,
       CASE WHEN c.oid = 100 THEN '' ELSE c.collname END AS name,
       CASE CASE WHEN c.oid = 100 THEN d.datlocprovider ELSE c.collprovider END
            WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
       CASE WHEN c.oid = 100 THEN d.datcollversion ELSE c.collversion END AS recorded,
       CASE WHEN c.oid = 100 THEN pg_catalog.pg_database_collation_actual_version(d.oid)
            ELSE pg_catalog.pg_collation_actual_version(c.oid) END AS actual
  FROM pg_catalog.pg_collation c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
 WHERE c.oid IN (@backup/used_collations@)
 ORDER BY 1, 2
