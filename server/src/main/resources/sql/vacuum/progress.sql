-- How far VACUUM, VACUUM FULL, or the ANALYZE after them is. Columns that not every version has are read through JSON:
-- 14 to 16 count dead tuples, 17 and newer dead item ids and indexes, 18 the time spent in cost delays.
-- VACUUM's share: reading the heap 60 %, indexes 20 %, the heap again where rows died 15 %, the rest 5 %.
SELECT pg_catalog.concat_ws(', ', v.phase,
           CASE WHEN v.phase = 'vacuuming heap' THEN pg_catalog.format('%s of %s pages', v.heap_blks_vacuumed, v.heap_blks_total)
                ELSE pg_catalog.format('%s of %s pages', v.heap_blks_scanned, v.heap_blks_total) END,
           CASE WHEN v.index_vacuum_count > 0 THEN 'index passes done: ' || v.index_vacuum_count END,
           CASE WHEN dead.rows > 0
                THEN dead.rows || ' dead rows collected' || coalesce(' in ' || pg_catalog.pg_size_pretty(dead.bytes), '') END,
           CASE WHEN dead.delayed > 0 THEN pg_catalog.round(dead.delayed / 1000) || ' s of cost delay' END) AS phase,
       CASE v.phase
           WHEN 'vacuuming indexes'
               THEN 0.6 * v.heap_blks_scanned / nullif(v.heap_blks_total, 0) + 0.2 * coalesce(dead.indexes, 0)
           WHEN 'vacuuming heap'
               THEN 0.6 * v.heap_blks_scanned / nullif(v.heap_blks_total, 0)
                    + 0.2 + 0.15 * v.heap_blks_vacuumed / nullif(v.heap_blks_total, 0)
           WHEN 'cleaning up indexes' THEN 0.95
           WHEN 'truncating heap' THEN 0.98
           WHEN 'performing final cleanup' THEN 0.99
           ELSE 0.6 * v.heap_blks_scanned / nullif(v.heap_blks_total, 0)
       END::float8 AS fraction,
       v.heap_blks_scanned * pg_catalog.current_setting('block_size')::bigint AS bytes_done
  FROM pg_catalog.pg_stat_progress_vacuum v
 CROSS JOIN LATERAL (
       SELECT coalesce(pg_catalog.to_jsonb(v) ->> 'num_dead_item_ids', pg_catalog.to_jsonb(v) ->> 'num_dead_tuples')::bigint AS rows,
              (pg_catalog.to_jsonb(v) ->> 'dead_tuple_bytes')::bigint AS bytes,
              (pg_catalog.to_jsonb(v) ->> 'delay_time')::numeric AS delayed,
              (pg_catalog.to_jsonb(v) ->> 'indexes_processed')::float8
                  / nullif((pg_catalog.to_jsonb(v) ->> 'indexes_total')::float8, 0) AS indexes) dead
 WHERE v.pid = ?
 UNION ALL
SELECT pg_catalog.concat_ws(', ', 'rewriting: ' || r.phase,
           CASE WHEN r.heap_blks_total > 0 THEN pg_catalog.format('%s of %s pages', r.heap_blks_scanned, r.heap_blks_total) END,
           CASE WHEN r.index_rebuild_count > 0 THEN 'indexes rebuilt: ' || r.index_rebuild_count END),
       CASE WHEN r.phase LIKE 'seq scanning%' OR r.phase LIKE 'index scanning%'
            THEN 0.6 * r.heap_blks_scanned / nullif(r.heap_blks_total, 0)
            WHEN r.phase = 'rebuilding index' THEN 0.8
       END::float8,
       r.heap_blks_scanned * pg_catalog.current_setting('block_size')::bigint
  FROM pg_catalog.pg_stat_progress_cluster r
 WHERE r.pid = ?
 UNION ALL
SELECT pg_catalog.concat_ws(', ', 'analyze: ' || a.phase,
           CASE WHEN a.child_tables_total > 0
                THEN pg_catalog.format('%s of %s partitions', a.child_tables_done, a.child_tables_total) END),
       0.99 * CASE
           WHEN a.child_tables_total > 0
               THEN least(1, (a.child_tables_done + coalesce(a.sample_blks_scanned::float8 / nullif(a.sample_blks_total, 0), 0))
                             / a.child_tables_total)
           ELSE a.sample_blks_scanned::float8 / nullif(a.sample_blks_total, 0)
       END,
       a.sample_blks_scanned * pg_catalog.current_setting('block_size')::bigint
  FROM pg_catalog.pg_stat_progress_analyze a
 WHERE a.pid = ?
