-- id: index-bloat
-- title: Bloated indexes (estimate)
-- category: indexes
-- severity: warning
-- confidence: estimated
-- impact: bytes
-- reads: primary
-- threshold: min_percent = 30 percent — Smallest share of wasted space that is reported.
-- threshold: min_bytes = 104857600 bytes — Smallest wasted space that is reported.
-- meaning: From row counts and average column widths it follows how large a B-tree index would be if freshly built; the
--   rest is bloat. The formula is that of ioguix (github.com/ioguix/pgsql-bloat-estimation, btree). It knows nothing of
--   deduplication and of wide values that are compressed, and is only as good as the last ANALYZE: confirm with
--   index-bloat-exact before you act on it. Not seen are indexes on columns of variable length without statistics: those
--   that the role may not see, or for which the table keeps none (SET STATISTICS 0).
-- remedy: Rebuild the index concurrently. It needs room for a second copy meanwhile. That of an exclusion constraint, or of a
--   key WITHOUT OVERLAPS, cannot be rebuilt concurrently: nothing can be written to its table meanwhile.
WITH indexes AS (
    SELECT c.oid, n.nspname, c.relname, i.indrelid, i.indisexclusion, t.relname AS table_name, tn.nspname AS table_schema,
           c.relpages, c.reltuples, i.indkey::int2[] AS columns, i.indnatts,
           coalesce((SELECT o.number FROM (@storage_parameters@) o WHERE o.option_name = 'fillfactor'), 90) AS fillfactor
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid AND c.relkind = 'i'
    JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_namespace tn ON tn.oid = t.relnamespace
    WHERE i.indisvalid
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
      -- smaller ones cannot waste enough
      AND c.relpages * current_setting('block_size')::bigint >= :min_bytes
      AND c.relpages > 1
      AND c.reltuples >= 0
), columns AS (
    -- a type of fixed length needs no statistics for that
    SELECT x.oid, a.attname, k.position, s.null_frac, coalesce(s.avg_width, CASE WHEN a.attlen > 0 THEN a.attlen END) AS avg_width
    FROM indexes x
    CROSS JOIN LATERAL generate_subscripts(x.columns, 1) AS k (position)
    -- statistics of an expression are kept under the name of the index
    JOIN pg_attribute a ON a.attrelid = CASE WHEN x.columns[k.position] = 0 THEN x.oid ELSE x.indrelid END
                       AND a.attnum = CASE WHEN x.columns[k.position] = 0 THEN k.position + 1 ELSE x.columns[k.position] END
    LEFT JOIN pg_stats s ON s.schemaname = CASE WHEN x.columns[k.position] = 0 THEN x.nspname ELSE x.table_schema END
                        AND s.tablename = CASE WHEN x.columns[k.position] = 0 THEN x.relname ELSE x.table_name END
                        AND s.attname = a.attname
                        AND NOT s.inherited
), widths AS (
    SELECT oid,
           string_agg(quote_ident(attname), ', ' ORDER BY position) FILTER (WHERE avg_width IS NULL) AS missing,
           CASE WHEN max(coalesce(null_frac, 0)) = 0 THEN 8 ELSE 8 + (32 + 8 - 1) / 8 END AS header,
           sum((1 - coalesce(null_frac, 0)) * coalesce(avg_width, 0)) AS data
    FROM columns
    GROUP BY oid
), sized AS (
    SELECT x.*, w.missing, bs.bytes AS block,
           -- header and data, each rounded up to 8 bytes
           (header + 8 - CASE WHEN header % 8 = 0 THEN 8 ELSE header % 8 END
            + data + 8 - CASE WHEN data = 0 THEN 0 WHEN data::int % 8 = 0 THEN 8 ELSE data::int % 8 END)::float8 AS tuple
    FROM indexes x
    JOIN widths w USING (oid)
    CROSS JOIN (SELECT current_setting('block_size')::bigint AS bytes) bs
), estimated AS (
    SELECT s.*,
           -- 24 bytes page header, 16 bytes of the B-tree's own, 4 bytes line pointer; 1 for the meta page
           1 + ceil(s.reltuples / greatest(1, floor((s.block - 40) * s.fillfactor / (100 * (4 + s.tuple))))) AS pages
    FROM sized s
), judged AS (
    SELECT e.*, e.relpages * e.block AS bytes,
           greatest(0, (e.relpages - e.pages) * e.block)::bigint AS wasted,
           100 * greatest(0, e.relpages - e.pages) / e.relpages AS percent
    FROM estimated e
)
SELECT 'index' AS object_kind,
       nspname AS schema_name,
       relname AS object_name,
       wasted AS impact,
       CASE WHEN missing IS NOT NULL THEN 1 ELSE 0 END AS unseen,
       CASE WHEN missing IS NOT NULL THEN format('no statistics of column %s are there, or may be seen', missing)
            ELSE format('About %s %% of index %I of table %I.%I is bloat (%s of %s).', round(percent::numeric), relname,
                        table_schema, table_name, pg_size_pretty(wasted), pg_size_pretty(bytes)) END AS message,
       jsonb_build_object('table', format('%I.%I', table_schema, table_name), 'bytes', bytes, 'wasted_bytes', wasted,
                          'percent', round(percent::numeric, 1), 'fillfactor', fillfactor, 'rows', reltuples) AS evidence,
       format(CASE WHEN indisexclusion THEN 'BEGIN; SET LOCAL lock_timeout = ''2s''; REINDEX INDEX %I.%I; COMMIT;'
                   ELSE 'REINDEX INDEX CONCURRENTLY %I.%I;' END, nspname, relname) AS remediation,
       '' AS object_key,
       NULL AS measure,
       NULL::float8 AS value
FROM judged
WHERE missing IS NOT NULL
   OR (percent >= :min_percent AND wasted >= :min_bytes)
UNION ALL
SELECT 'index', nspname, relname, NULL, 0, '', '{}', NULL, current_database(), 'index-bloat', wasted
FROM judged
WHERE missing IS NULL
UNION ALL
SELECT 'database', '', current_database(), NULL, 0, '', '{}', NULL, '', 'index-bloat', 0
