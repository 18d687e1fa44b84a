-- What pgstattuple finds in a B-tree index. {pgstatindex} is its function, by schema.
SELECT s.index_size, s.leaf_pages, s.empty_pages + s.deleted_pages AS unused, nullif(s.avg_leaf_density, 'NaN') AS density,
       pg_catalog.current_setting('block_size')::bigint AS block,
       coalesce((SELECT o.number FROM (@target/storage_parameters@) o WHERE o.option_name = 'fillfactor'), 90) AS fillfactor
  FROM pg_catalog.pg_class c
 CROSS JOIN LATERAL {pgstatindex}(c.oid::pg_catalog.regclass) s
 WHERE c.oid = CAST(? AS pg_catalog.oid)
