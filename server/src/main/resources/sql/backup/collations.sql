-- Collations that columns and indexes of the database use, with the version that is recorded for them and the one that the server's
-- library has now. That of the database is told by what has the same locale; a server that records a version of it has another query.
SELECT CASE WHEN c.oid = 100 THEN '' ELSE n.nspname END AS schema,
       CASE WHEN c.oid = 100 THEN '' ELSE c.collname END AS name,
       CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
       c.collversion AS recorded,
       CASE WHEN c.oid = 100
            THEN (SELECT pg_catalog.pg_collation_actual_version(s.oid)
                    FROM pg_catalog.pg_collation s
                    JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
                   WHERE s.collprovider = 'c' AND pg_catalog.lower(pg_catalog.replace(s.collcollate, '-', ''))
                         = pg_catalog.lower(pg_catalog.replace(d.datcollate, '-', ''))
                   LIMIT 1)
            ELSE pg_catalog.pg_collation_actual_version(c.oid) END AS actual
  FROM pg_catalog.pg_collation c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
 WHERE c.oid IN (@backup/used_collations@)
 ORDER BY 1, 2
