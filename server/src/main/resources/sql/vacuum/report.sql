-- Whether VACUUM and ANALYZE have reported themselves since an instant.
SELECT coalesce(pg_catalog.pg_stat_get_last_vacuum_time(c.oid) >= CAST(? AS timestamptz), false)  AS vacuumed,
       coalesce(pg_catalog.pg_stat_get_last_analyze_time(c.oid) >= CAST(? AS timestamptz), false) AS analyzed
  FROM pg_catalog.pg_class c
 WHERE c.oid = CAST(? AS pg_catalog.oid)
