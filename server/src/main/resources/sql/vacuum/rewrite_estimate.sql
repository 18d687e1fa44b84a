-- What a rewrite of a table needs and gives back: bytes of the heap now and as they would be if it were packed, from the rows
-- that the server counts as live (after a reset of its counters: those of the latest VACUUM or ANALYZE) and the average widths
-- of the statistics, or of types of fixed length (24 bytes a page, 28 a row beside its data). Without statistics of another
-- column: the share of live rows in the heap. -1 where nothing is known.
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
       SELECT CASE WHEN pg_catalog.bool_or(b.bytes IS NULL) IS NOT TRUE
                   THEN coalesce(pg_catalog.sum((1 - coalesce(s.null_frac, 0)) * b.bytes), 0) END AS width
         FROM pg_catalog.pg_attribute a
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
                                        AND NOT s.inherited
        CROSS JOIN LATERAL (SELECT coalesce(s.avg_width, CASE WHEN a.attlen > 0 THEN a.attlen END) AS bytes) b
        -- a virtual column takes no room
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated <> 'v') w
 CROSS JOIN LATERAL (
       SELECT coalesce((SELECT o.number FROM (@target/storage_parameters@) o WHERE o.option_name = 'fillfactor'), 100)
                  AS fillfactor) f
 WHERE c.oid = CAST(? AS pg_catalog.oid)
