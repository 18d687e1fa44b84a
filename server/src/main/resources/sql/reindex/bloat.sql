-- How many bytes of B-tree indexes are wasted, by estimate: what they take less what a fresh one would, from row counts and
-- average widths (formula: ioguix, pgsql-bloat-estimation, btree). It knows nothing of deduplication, which makes real
-- indexes smaller than that; so it errs towards leaving an index alone. NULL where statistics of columns of variable length
-- are missing.
WITH indexes AS (
    SELECT c.oid, n.nspname, c.relname, t.relname AS table_name, tn.nspname AS table_schema, i.indrelid,
           c.relpages, c.reltuples, i.indkey::int2[] AS columns, i.indnatts,
           coalesce((SELECT o.number FROM (@target/storage_parameters@) o WHERE o.option_name = 'fillfactor'), 90) AS fillfactor
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
      JOIN pg_catalog.pg_am a ON a.oid = c.relam AND a.amname = 'btree'
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
     WHERE c.oid = ANY (CAST(? AS pg_catalog.oid[]))
       AND c.relpages > 1
       AND c.reltuples >= 0
), widths AS (
    SELECT x.oid,
           pg_catalog.count(*) FILTER (WHERE b.bytes IS NULL) AS missing,
           CASE WHEN pg_catalog.max(coalesce(s.null_frac, 0)) = 0 THEN 8 ELSE 16 END AS header,
           pg_catalog.sum((1 - coalesce(s.null_frac, 0)) * coalesce(b.bytes, 0)) AS data
      FROM indexes x
     CROSS JOIN LATERAL pg_catalog.generate_subscripts(x.columns, 1) AS k (position)
      -- statistics of an expression are kept under the name of the index
      JOIN pg_catalog.pg_attribute a
        ON a.attrelid = CASE WHEN x.columns[k.position] = 0 THEN x.oid ELSE x.indrelid END
       AND a.attnum = CASE WHEN x.columns[k.position] = 0 THEN k.position + 1 ELSE x.columns[k.position] END
      LEFT JOIN pg_catalog.pg_stats s
        ON s.schemaname = CASE WHEN x.columns[k.position] = 0 THEN x.nspname ELSE x.table_schema END
       AND s.tablename = CASE WHEN x.columns[k.position] = 0 THEN x.relname ELSE x.table_name END
       AND s.attname = a.attname
       AND NOT s.inherited
     -- a type of fixed length needs no statistics for that
     CROSS JOIN LATERAL (SELECT coalesce(s.avg_width, CASE WHEN a.attlen > 0 THEN a.attlen END) AS bytes) b
     GROUP BY x.oid
), estimated AS (
    SELECT x.oid, x.relpages, w.missing, p.block,
           -- 24 bytes page header, 16 bytes of the B-tree's own, 4 bytes line pointer, all data in units of 8; 1 meta page
           1 + pg_catalog.ceil(x.reltuples / greatest(1, pg_catalog.floor((p.block - 40) * x.fillfactor
                   / (100 * (4 + w.header + 8 * pg_catalog.ceil(w.data / 8)))))) AS pages
      FROM indexes x
      JOIN widths w USING (oid)
     CROSS JOIN (SELECT pg_catalog.current_setting('block_size')::bigint AS block) p
)
SELECT oid,
       CASE WHEN missing = 0 THEN (greatest(0, relpages - pages) * block)::bigint END AS wasted
  FROM estimated
