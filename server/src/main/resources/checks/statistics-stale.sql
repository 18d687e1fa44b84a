-- id: statistics-stale
-- title: Tables whose statistics are out of date
-- category: tables
-- severity: warning
-- confidence: estimated
-- impact: rows
-- reads: primary
-- threshold: min_percent = 10 percent — Smallest share of rows changed since the last ANALYZE.
-- threshold: min_rows = 1000 rows — Fewest rows changed since the last ANALYZE.
-- meaning: The planner chooses by what the last ANALYZE saw. Since then a considerable share of the table changed, or it
--   was never analyzed at all.
-- remedy: Analyze the table.
WITH stale AS (
    SELECT s.*, c.reltuples, a.last, p.percent
    FROM pg_stat_user_tables s
    JOIN pg_class c ON c.oid = s.relid
    CROSS JOIN LATERAL (SELECT greatest(s.last_analyze, s.last_autoanalyze) AS last) a
    CROSS JOIN LATERAL (SELECT 100.0 * s.n_mod_since_analyze / greatest(s.n_live_tup, c.reltuples::bigint, 1) AS percent) p
    WHERE c.relkind IN ('r', 'm')
      AND c.relpersistence <> 't'
      AND s.n_mod_since_analyze >= greatest(:min_rows, 1)
      AND p.percent >= :min_percent
)
SELECT 'table' AS object_kind,
       s.schemaname AS schema_name,
       s.relname AS object_name,
       s.n_mod_since_analyze AS impact,
       CASE WHEN s.last IS NULL AND s.reltuples < 0
            THEN format('Table %I.%I was never analyzed; %s changed.', s.schemaname, s.relname,
                        to_char(s.n_mod_since_analyze, 'FM999,999,999,999,990') || CASE s.n_mod_since_analyze WHEN 1 THEN ' row' ELSE ' rows' END)
            ELSE format('%s of table %I.%I, %s %% of it, changed since it was analyzed.',
                        to_char(s.n_mod_since_analyze, 'FM999,999,999,999,990') || CASE s.n_mod_since_analyze WHEN 1 THEN ' row' ELSE ' rows' END, s.schemaname, s.relname, round(s.percent))
       END AS message,
       jsonb_build_object('changed_rows', s.n_mod_since_analyze, 'live_rows', s.n_live_tup,
                          'percent', round(s.percent, 1), 'last_analyze', s.last) AS evidence,
       format('ANALYZE %I.%I;', s.schemaname, s.relname) AS remediation,
       '' AS object_key,
       NULL AS measure,
       NULL::float8 AS value
FROM stale s
UNION ALL
SELECT 'table', s.schemaname, s.relname, NULL, '', '{}', NULL, current_database(), 'stale-statistics', 1
FROM stale s
UNION ALL
SELECT 'database', '', current_database(), NULL, '', '{}', NULL, '', 'stale-statistics', 0
