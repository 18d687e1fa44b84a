-- Those that columns and indexes use, with the version that is recorded for them and the one that the server's library has now; the
-- database's own collation (100, "default") as of_database says.
SELECT CASE WHEN c.oid = 100 THEN '' ELSE n.nspname END AS schema,
       CASE WHEN c.oid = 100 THEN '' ELSE c.collname END AS name,
       CASE CASE WHEN c.oid = 100 THEN d.provider ELSE c.collprovider END
            WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
       CASE WHEN c.oid = 100 THEN d.recorded ELSE c.collversion END AS recorded,
       CASE WHEN c.oid = 100 THEN d.actual ELSE pg_catalog.pg_collation_actual_version(c.oid) END AS actual
  FROM pg_catalog.pg_collation c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
 CROSS JOIN of_database d
 WHERE c.oid IN (@backup/used_collations@)
 ORDER BY 1, 2
