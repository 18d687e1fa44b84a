-- Collations that the database uses, where the server records a version of its own collation, too: since 15.
WITH of_database AS (
    SELECT d.datlocprovider AS provider,
           d.datcollversion AS recorded,
           pg_catalog.pg_database_collation_actual_version(d.oid) AS actual
      FROM pg_catalog.pg_database d
     WHERE d.datname = pg_catalog.current_database())
@backup/collations_of@
