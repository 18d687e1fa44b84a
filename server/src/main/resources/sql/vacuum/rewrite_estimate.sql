-- What a rewrite of a table needs and gives back: bytes of the heap now and as they would be if it were packed, from the rows
-- that the server counts as live (after a reset of its counters: those of the latest VACUUM or ANALYZE) and the average widths
-- of the statistics (24 bytes a page, 28 a row beside its data). Without statistics: the share of live rows in the heap. -1
-- where nothing is known.
SELECT pg_catalog.pg_total_relation_size(c.oid) AS total_bytes,
       pg_catalog.pg_relation_size(c.oid)       AS heap_bytes,
       coalesce(CASE WHEN n.rows >= 0
                     THEN pg_catalog.ceil(n.rows * (28 + w.width) * 100 / f.fillfactor * p.block / (p.block - 24))::bigint
                END,
                (pg_catalog.pg_relation_size(c.oid) * n.live / nullif(n.live + n.dead, 0))::bigint,
                -1) AS packed_bytes
  FROM pg_catalog.pg_class c
 CROSS JOIN (SELECT pg_catalog.current_setting('block_size')::float8 AS block) p
 CROSS JOIN LATERAL (
       SELECT s.live, s.dead, CASE WHEN s.live + s.dead > 0 THEN s.live ELSE c.reltuples END AS rows
         FROM (SELECT pg_catalog.pg_stat_get_live_tuples(c.oid)::float8 AS live,
                      pg_catalog.pg_stat_get_dead_tuples(c.oid)::float8 AS dead) s) n
 CROSS JOIN LATERAL (
       SELECT pg_catalog.sum((1 - s.null_frac) * s.avg_width) AS width
         FROM pg_catalog.pg_stats s
         JOIN pg_catalog.pg_namespace n ON n.nspname = s.schemaname
        WHERE n.oid = c.relnamespace AND s.tablename = c.relname AND NOT s.inherited) w
 CROSS JOIN LATERAL (
       SELECT coalesce((SELECT o.option_value::int
                          FROM pg_catalog.pg_options_to_table(c.reloptions) o
                         WHERE o.option_name = 'fillfactor'), 100) AS fillfactor) f
 WHERE c.oid = CAST(? AS pg_catalog.oid)
