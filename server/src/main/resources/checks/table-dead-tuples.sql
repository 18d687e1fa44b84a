-- id: table-dead-tuples
-- title: Tables with many dead rows
-- category: tables
-- severity: warning
-- confidence: estimated
-- impact: rows
-- reads: primary
-- threshold: min_percent = 20 percent — Smallest share of dead rows in all rows.
-- threshold: min_rows = 10000 rows — Fewest dead rows.
-- meaning: Updated and deleted rows stay in the table until vacuum removes them; until then every scan reads them. The
--   numbers are those of the cumulative statistics, which are estimates.
-- remedy: Vacuum the table. If the dead rows come back at once, see xmin-held for who holds vacuum back, and
--   vacuum-overdue and autovacuum-tuning for why autovacuum did not come.
SELECT 'table' AS object_kind,
       s.schemaname AS schema_name,
       s.relname AS object_name,
       s.n_dead_tup AS impact,
       format('%s %% of table %I.%I are dead rows (%s).', round(p.percent), s.schemaname, s.relname,
              to_char(s.n_dead_tup, 'FM999,999,999,999,990')) AS message,
       jsonb_build_object('dead_rows', s.n_dead_tup, 'live_rows', s.n_live_tup, 'percent', round(p.percent, 1),
                          'last_vacuum', greatest(s.last_vacuum, s.last_autovacuum)) AS evidence,
       format('VACUUM (ANALYZE) %I.%I;', s.schemaname, s.relname) AS remediation
FROM pg_stat_user_tables s
JOIN pg_class c ON c.oid = s.relid
CROSS JOIN LATERAL (SELECT 100.0 * s.n_dead_tup / nullif(s.n_dead_tup + s.n_live_tup, 0) AS percent) p
WHERE c.relpersistence <> 't'
  AND s.n_dead_tup >= greatest(:min_rows, 1)
  AND p.percent >= :min_percent
