-- Dead rows that a VACUUM since then had to leave, as it reported itself. No row if its report is not to be seen.
SELECT pg_catalog.pg_stat_get_dead_tuples(c.oid) AS dead
  FROM pg_catalog.pg_class c
 WHERE c.oid = CAST(? AS pg_catalog.oid)
   AND pg_catalog.pg_stat_get_last_vacuum_time(c.oid) >= CAST(? AS timestamptz)
