-- id: index-bloat-exact
-- title: Bloated indexes (measured)
-- category: indexes
-- severity: warning
-- confidence: certain
-- impact: bytes
-- reads: primary
-- on-request: yes
-- for: each index
-- needs: extension pgstattuple >= 1.4 — CREATE EXTENSION pgstattuple
-- threshold: min_percent = 30 percent — Smallest share of wasted space that is reported.
-- threshold: min_bytes = 104857600 bytes — Smallest wasted space that is reported.
-- threshold: budget_seconds = 300 seconds — Longest time for all indexes together; the rest is counted as not seen.
-- meaning: pgstattuple reads every page of a B-tree index and tells how full its leaf pages are. What is missing to the
--   index's fillfactor, and empty and deleted pages, is bloat. It reads the whole index, so it runs only when asked for.
-- remedy: Rebuild the index concurrently. It needs room for a second copy meanwhile. That of an exclusion constraint, or of a
--   key WITHOUT OVERLAPS, cannot be rebuilt concurrently: nothing can be written to its table meanwhile.
SELECT 'index' AS object_kind,
       m.nspname AS schema_name,
       m.relname AS object_name,
       m.wasted AS impact,
       format('%s %% of index %I.%I is bloat (%s of %s).', round(m.percent), m.nspname, m.relname,
              pg_size_pretty(m.wasted), pg_size_pretty(m.index_size)) AS message,
       jsonb_build_object('bytes', m.index_size, 'wasted_bytes', m.wasted, 'percent', round(m.percent, 1),
                          'leaf_density', m.avg_leaf_density, 'leaf_fragmentation', m.leaf_fragmentation,
                          'empty_pages', m.empty_pages, 'deleted_pages', m.deleted_pages) AS evidence,
       format(CASE WHEN m.indisexclusion THEN 'BEGIN; SET LOCAL lock_timeout = ''2s''; REINDEX INDEX %I.%I; COMMIT;'
                   ELSE 'REINDEX INDEX CONCURRENTLY %I.%I;' END, m.nspname, m.relname) AS remediation
FROM (
    SELECT s.*, (s.index_size * w.percent / 100)::bigint AS wasted, w.percent, n.nspname, c.relname, i.indisexclusion
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_index i ON i.indexrelid = c.oid
    CROSS JOIN LATERAL @extschema:pgstattuple@.pgstatindex(c.oid::regclass) s
    CROSS JOIN LATERAL (
        SELECT coalesce((SELECT o.number FROM (@storage_parameters@) o WHERE o.option_name = 'fillfactor'), 90) AS fillfactor) f
    CROSS JOIN LATERAL (
        SELECT (100 * (1 - least(1, s.leaf_pages * CASE WHEN s.avg_leaf_density = 'NaN' THEN 0 ELSE s.avg_leaf_density END
                / f.fillfactor / greatest(1, s.leaf_pages + s.empty_pages + s.deleted_pages))))::numeric AS percent) w
    WHERE c.oid = CAST(:index_oid AS oid)
      AND s.index_size >= :min_bytes
) m
WHERE m.percent >= :min_percent
  AND m.wasted >= :min_bytes
