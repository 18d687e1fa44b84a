-- id: hot-update-blockers
-- title: Updates that must write every index
-- category: tables
-- severity: info
-- confidence: estimated
-- impact: rows
-- reads: primary
-- needs: server >= 16
-- threshold: min_updates = 10000 rows — Fewest updates since statistics began.
-- threshold: min_percent = 30 percent — Smallest share of updates that is held back.
-- meaning: An update that changes no indexed column, and finds room on its page, leaves the indexes alone (HOT). Updates
--   that stayed on their page and yet were not HOT changed an indexed column: an index stands in the way. Updates that
--   had to go to another page lacked room. The server counts both apart since version 16.
-- remedy: Where room is missing, lower the fillfactor of the table. Where indexes stand in the way, drop those that are
--   scanned least and hold a column that changes often.
SELECT 'table' AS object_kind,
       s.schemaname AS schema_name,
       s.relname AS object_name,
       u.blocked + u.crowded AS impact,
       CASE WHEN u.blocked >= u.crowded
            THEN format('%s %% of the updates of table %I.%I changed an indexed column.', round(100.0 * u.blocked / s.n_tup_upd),
                        s.schemaname, s.relname)
            ELSE format('%s %% of the updates of table %I.%I found no room on their page.',
                        round(100.0 * u.crowded / s.n_tup_upd), s.schemaname, s.relname)
       END AS message,
       jsonb_build_object('updates', s.n_tup_upd, 'hot_updates', s.n_tup_hot_upd, 'indexed_column_changed', u.blocked,
                          'no_room_on_page', u.crowded, 'fillfactor', f.fillfactor, 'indexes', i.indexes) AS evidence,
       CASE WHEN u.crowded > u.blocked AND f.fillfactor > 80
            THEN format('ALTER TABLE %I.%I SET (fillfactor = %s);', s.schemaname, s.relname, f.fillfactor - 10)
       END AS remediation
FROM pg_stat_user_tables s
JOIN pg_class c ON c.oid = s.relid
CROSS JOIN LATERAL (SELECT (to_jsonb(s) ->> 'n_tup_newpage_upd')::bigint AS crowded) n
CROSS JOIN LATERAL (
    SELECT n.crowded, greatest(0, s.n_tup_upd - s.n_tup_hot_upd - n.crowded) AS blocked) u
CROSS JOIN LATERAL (
    SELECT coalesce(max(o.number::int), 100) AS fillfactor
    FROM (@storage_parameters@) o WHERE o.option_name = 'fillfactor') f
CROSS JOIN LATERAL (
    SELECT jsonb_object_agg(x.indexrelname, x.idx_scan) AS indexes FROM pg_stat_user_indexes x WHERE x.relid = s.relid) i
WHERE c.relpersistence <> 't'
  AND s.n_tup_upd >= greatest(:min_updates, 1)
  AND 100.0 * greatest(u.blocked, u.crowded) / s.n_tup_upd >= :min_percent
