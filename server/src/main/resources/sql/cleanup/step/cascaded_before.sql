-- The counters of cascaded.sql for tables that are known.
SELECT CAST(known.oid AS bigint) AS oid,
       pg_catalog.pg_stat_get_xact_tuples_deleted(known.oid)
           OPERATOR(pg_catalog.+) pg_catalog.pg_stat_get_xact_tuples_updated(known.oid) AS rows
  FROM pg_catalog.unnest(CAST(? AS pg_catalog.oid[])) AS known (oid)
