-- How far VACUUM, or the ANALYZE after it, is. The heap is read, then the indexes, then the heap again where rows died;
-- the share is that of the first reading, which is the longest as a rule.
SELECT v.phase                                                            AS phase,
       coalesce(v.heap_blks_scanned::float8 / nullif(v.heap_blks_total, 0), -1) AS fraction,
       v.heap_blks_scanned * pg_catalog.current_setting('block_size')::bigint   AS bytes_done
  FROM pg_catalog.pg_stat_progress_vacuum v
 WHERE v.pid = ?
 UNION ALL
SELECT 'analyze: ' || a.phase,
       coalesce(a.sample_blks_scanned::float8 / nullif(a.sample_blks_total, 0), -1),
       a.sample_blks_scanned * pg_catalog.current_setting('block_size')::bigint
  FROM pg_catalog.pg_stat_progress_analyze a
 WHERE a.pid = ?
