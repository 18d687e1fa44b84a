-- id: index-missing
-- title: Big tables that are read whole again and again
-- category: indexes
-- severity: info
-- confidence: heuristic
-- impact: rows
-- reads: primary
-- threshold: min_rows = 100000 rows — Smallest table that is reported.
-- threshold: min_scans = 100 scans — Fewest sequential scans since statistics began.
-- threshold: min_percent = 10 percent — Smallest share of sequential scans in all scans of the table.
-- meaning: A large table was often read from end to end, so a query probably lacks an index. Reports and exports that
--   mean to read everything look the same. Which query it is stands in slow-queries, if pg_stat_statements is there. A
--   table with a foreign key that no index serves is not reported here but by foreign-key-unindexed: each row deleted from
--   the table that it references, by a cleanup too, reads it whole. Of a table with policies ten times as many scans are
--   wanted, because checks and plans read it too.
-- remedy: Find the query, look at its plan with EXPLAIN, and create the index it wants concurrently.
WITH RECURSIVE key AS (
    SELECT k.oid, k.conrelid, k.confrelid, k.confkey, k.conkey, k.conpfeqop,
           coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false) AS temporal, ARRAY[k.conrelid] AS relations
    FROM pg_constraint k
    WHERE k.contype = 'f'
      AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)
), @key_indexes@
SELECT 'table' AS object_kind,
       s.schemaname AS schema_name,
       s.relname AS object_name,
       s.seq_tup_read AS impact,
       format('Table %I.%I with %s was read whole %s, by %s %% of its scans.', s.schemaname, s.relname,
              to_char(r.rows, 'FM999,999,999,999,990') || CASE r.rows WHEN 1 THEN ' row' ELSE ' rows' END,
              to_char(s.seq_scan, 'FM999,999,999,999,990') || CASE s.seq_scan WHEN 1 THEN ' time' ELSE ' times' END, round(p.percent)) AS message,
       jsonb_build_object('rows', r.rows, 'sequential_scans', s.seq_scan, 'index_scans', coalesce(s.idx_scan, 0),
                          'rows_read', s.seq_tup_read, 'rows_per_scan', s.seq_tup_read / s.seq_scan) AS evidence
FROM pg_stat_user_tables s
JOIN pg_class c ON c.oid = s.relid
CROSS JOIN LATERAL (SELECT greatest(s.n_live_tup, c.reltuples::bigint) AS rows) r
CROSS JOIN LATERAL (SELECT 100.0 * s.seq_scan / nullif(s.seq_scan + coalesce(s.idx_scan, 0), 0) AS percent) p
WHERE c.relkind IN ('r', 'm')
  AND c.relpersistence <> 't'
  AND r.rows >= :min_rows
  AND s.seq_scan >= greatest(:min_scans, 1) * CASE WHEN EXISTS (
          SELECT FROM jsonb_to_recordset(CAST(:policies AS jsonb)) AS p (schema text, "table" text)
          WHERE p.schema = s.schemaname AND p."table" = s.relname) THEN 10 ELSE 1 END
  AND c.oid NOT IN (SELECT k.conrelid FROM key k WHERE k.oid NOT IN (SELECT x.key FROM key_index x))
  AND p.percent >= :min_percent
  -- scans that LIMIT or an error ended early do not count
  AND s.seq_tup_read >= s.seq_scan * r.rows / 2
