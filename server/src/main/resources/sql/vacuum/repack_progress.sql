-- How far REPACK is, PostgreSQL 19.
SELECT 'repacking: ' || r.phase AS phase,
       (0.7 * r.heap_blks_scanned / nullif(r.heap_blks_total, 0))::float8 AS fraction,
       r.heap_blks_scanned * pg_catalog.current_setting('block_size')::bigint AS bytes_done
  FROM pg_catalog.pg_stat_progress_repack r
 WHERE r.pid = ?
