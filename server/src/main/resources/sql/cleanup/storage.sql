-- Size and statistics of relations with storage. Widths and the order of the time column come from ANALYZE.
SELECT c.oid::bigint AS oid,
       pg_catalog.pg_relation_size(c.oid) AS heap_bytes,
       pg_catalog.pg_table_size(c.oid) - pg_catalog.pg_relation_size(c.oid) AS toast_bytes,
       pg_catalog.pg_indexes_size(c.oid) AS index_bytes,
       c.reltuples::float8 AS tuples,
       c.relreplident::text AS replica_identity,
       CASE c.relreplident
           WHEN 'd' THEN EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
           WHEN 'i' THEN EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
           ELSE c.relreplident = 'f' END AS identified,
       widths.row_bytes,
       stats.null_fraction,
       stats.correlation,
       greatest(s.last_analyze, s.last_autoanalyze) AS analyzed,
       s.n_mod_since_analyze AS modified
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
  LEFT JOIN LATERAL (
      SELECT pg_catalog.sum(w.avg_width)::bigint AS row_bytes
        FROM pg_catalog.pg_stats w
       WHERE w.schemaname = n.nspname AND w.tablename = c.relname AND NOT w.inherited) widths ON true
  LEFT JOIN LATERAL (
      SELECT w.null_frac::float8 AS null_fraction, w.correlation::float8 AS correlation
        FROM pg_catalog.pg_stats w
       WHERE w.schemaname = n.nspname AND w.tablename = c.relname AND w.attname = ? AND NOT w.inherited) stats ON true
 WHERE c.oid = ANY (CAST(? AS bigint[])::oid[])
