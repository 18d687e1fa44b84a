-- id: table-bloat
-- title: Bloated tables (estimate)
-- category: tables
-- severity: warning
-- confidence: estimated
-- impact: bytes
-- reads: primary
-- threshold: min_percent = 40 percent — Smallest share of wasted space that is reported.
-- threshold: min_bytes = 209715200 bytes — Smallest wasted space that is reported.
-- meaning: From row counts and average column widths it follows how large a table would be if freshly written; the rest
--   is bloat: free space that vacuum made reusable, and dead rows. The formula is that of ioguix
--   (github.com/ioguix/pgsql-bloat-estimation, table), for the heap without TOAST. Right after a big cleanup much free
--   space is normal. Not seen are tables that were never analyzed, or that have columns of variable length without
--   statistics: those that the role may not see, or for which the table keeps none (SET STATISTICS 0).
-- remedy: Free space is used by new rows, so a table that goes on growing needs nothing. To give it back to the disk,
--   VACUUM FULL rewrites the table and locks it out for that time; pg_repack does the same with short locks. Confirm
--   with pgstattuple_approx before.
WITH tables AS (
    SELECT c.oid, n.nspname, c.relname, c.relpages, c.reltuples,
           current_setting('block_size')::int AS block,
           coalesce((SELECT o.number FROM (@storage_parameters@) o WHERE o.option_name = 'fillfactor'), 100) AS fillfactor
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm')
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
      AND c.relpages > 0
      AND c.relpages * current_setting('block_size')::bigint >= :min_bytes
), columns AS (
    SELECT t.oid,
           count(*) AS columns,
           string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE w.bytes IS NULL) AS missing,
           -- 23 bytes row header, and a bit for each column if any may be NULL
           23 + CASE WHEN max(coalesce(s.null_frac, 0)) > 0 THEN (7 + count(*)) / 8 ELSE 0 END AS header,
           sum((1 - coalesce(s.null_frac, 0)) * coalesce(w.bytes, 0)) AS data
    FROM tables t
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
                       -- a virtual column takes no room
                       AND a.attgenerated <> 'v'
    LEFT JOIN pg_stats s ON s.schemaname = t.nspname AND s.tablename = t.relname AND s.attname = a.attname
                        AND NOT s.inherited
    -- a type of fixed length needs no statistics for that
    CROSS JOIN LATERAL (SELECT coalesce(s.avg_width, nullif(a.attlen, -1)) AS bytes) w
    GROUP BY t.oid
), sized AS (
    SELECT t.*, c.missing, c.missing IS NOT NULL OR t.reltuples < 0 AS blind,
           -- line pointer, header and data, each rounded up to 8 bytes
           (4 + c.header + 8 - CASE WHEN c.header % 8 = 0 THEN 8 ELSE c.header % 8 END
            + c.data + 8 - CASE WHEN ceil(c.data)::int % 8 = 0 THEN 8 ELSE ceil(c.data)::int % 8 END)::float8 AS tuple
    FROM tables t
    JOIN columns c USING (oid)
), judged AS (
    SELECT s.*, s.relpages::bigint * s.block AS bytes, p.pages,
           (greatest(0, s.relpages - p.pages) * s.block)::bigint AS wasted,
           100 * greatest(0, s.relpages - p.pages) / s.relpages AS percent
    FROM sized s
    -- 24 bytes page header
    CROSS JOIN LATERAL (SELECT ceil(s.reltuples / ((s.block - 24) * s.fillfactor / (s.tuple * 100))) AS pages) p
)
SELECT 'table' AS object_kind,
       nspname AS schema_name,
       relname AS object_name,
       wasted AS impact,
       CASE WHEN blind THEN 1 ELSE 0 END AS unseen,
       CASE WHEN reltuples < 0 THEN 'it was never analyzed'
            WHEN blind THEN format('no statistics of column %s are there, or may be seen', missing)
            ELSE format('About %s %% of table %I.%I is bloat (%s of %s).', round(percent::numeric), nspname, relname,
                        pg_size_pretty(wasted), pg_size_pretty(bytes)) END AS message,
       jsonb_build_object('bytes', bytes, 'wasted_bytes', wasted, 'percent', round(percent::numeric, 1),
                          'rows', reltuples, 'fillfactor', fillfactor) AS evidence,
       '' AS object_key,
       NULL AS measure,
       NULL::float8 AS value
FROM judged
WHERE blind
   OR (percent >= :min_percent AND wasted >= :min_bytes)
UNION ALL
SELECT 'table', nspname, relname, NULL, 0, '', '{}', current_database(), 'table-bloat', wasted
FROM judged
WHERE NOT blind
UNION ALL
SELECT 'database', '', current_database(), NULL, 0, '', '{}', '', 'table-bloat', 0
