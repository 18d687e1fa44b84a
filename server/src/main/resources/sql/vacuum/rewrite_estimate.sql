-- What a rewrite of a table needs and gives back: bytes of the heap now and as they would be if it were packed, from the
-- average widths of the statistics (24 bytes a page, 28 a row beside its data). -1 where statistics are missing.
SELECT pg_catalog.pg_total_relation_size(c.oid) AS total_bytes,
       pg_catalog.pg_relation_size(c.oid)       AS heap_bytes,
       coalesce(CASE WHEN c.reltuples >= 0
                     THEN pg_catalog.ceil(c.reltuples * (28 + w.width) * 100 / f.fillfactor
                                          * p.block / (p.block - 24))::bigint END, -1) AS packed_bytes
  FROM pg_catalog.pg_class c
 CROSS JOIN (SELECT pg_catalog.current_setting('block_size')::float8 AS block) p
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
