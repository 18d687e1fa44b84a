-- Rows that were inserted into a table a day, since statistics are kept. Parameter: oid of the table.
SELECT ceil(coalesce(pg_catalog.pg_stat_get_tuples_inserted(CAST(? AS pg_catalog.int8)::pg_catalog.oid), 0)::pg_catalog.numeric
            * 86400 / greatest(extract(epoch FROM pg_catalog.now() - coalesce(
                  (SELECT d.stats_reset FROM pg_catalog.pg_stat_database d
                    WHERE d.datname = pg_catalog.current_database()),
                  pg_catalog.pg_postmaster_start_time())), 3600)::pg_catalog.numeric)
