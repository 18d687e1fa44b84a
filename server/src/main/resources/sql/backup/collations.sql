-- Collations that the database uses. That of the database itself is told by what has the same locale: the server records no version of it.
WITH of_database AS (
    SELECT CAST('c' AS pg_catalog."char") AS provider,
           CAST(NULL AS pg_catalog.text) AS recorded,
           (SELECT pg_catalog.pg_collation_actual_version(s.oid)
              FROM pg_catalog.pg_collation s
              JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
             WHERE s.collprovider = 'c' AND pg_catalog.lower(pg_catalog.replace(s.collcollate, '-', ''))
                   = pg_catalog.lower(pg_catalog.replace(d.datcollate, '-', ''))
             LIMIT 1) AS actual)
@backup/collations_of@
