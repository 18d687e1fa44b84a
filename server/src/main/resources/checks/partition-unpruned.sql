-- id: partition-unpruned
-- title: Queries that read all partitions
-- category: partitions
-- severity: info
-- confidence: heuristic
-- impact: rows
-- reads: primary
-- threshold: min_partitions = 8 partitions — Fewest partitions of a table that is judged.
-- threshold: min_scans = 1000 scans — Fewest scans of its most scanned partition since statistics began.
-- threshold: min_percent = 50 percent — Share of these scans that three of four partitions must have had as well.
-- meaning: Three of four partitions of a table were scanned about as often as its most scanned one, the old ones as the
--   new ones: so its queries do not name the partition key, or name it in a way that the planner cannot use (a cast or a
--   function around it), and read every partition. The impact is the rows that scans brought. Or pruning is switched off,
--   by a setting of the server, the database or a role.
-- remedy: Find the queries (slow-queries helps) and put a condition on the partition key itself, or partition by what they
--   ask for. Switch enable_partition_pruning on.
WITH RECURSIVE tree AS (
    SELECT c.oid AS root, c.oid AS member
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'p'
      AND NOT c.relispartition
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
    UNION ALL
    SELECT t.root, h.inhrelid FROM tree t JOIN pg_inherits h ON h.inhparent = t.member
), scanned AS (
    SELECT t.root,
           count(*) AS partitions,
           max(s.scans) AS most,
           percentile_disc(0.25) WITHIN GROUP (ORDER BY s.scans) AS common,
           sum(s.rows) AS rows
    FROM tree t
    JOIN pg_class c ON c.oid = t.member AND c.relkind = 'r'
    JOIN pg_stat_all_tables a ON a.relid = c.oid
    CROSS JOIN LATERAL (
        SELECT a.seq_scan + coalesce(a.idx_scan, 0) AS scans, a.seq_tup_read + coalesce(a.idx_tup_fetch, 0) AS rows) s
    GROUP BY t.root
)
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       NULL AS severity,
       NULL AS confidence,
       s.rows AS impact,
       format('Queries seem to read all %s partitions of table %I.%I: three of four were scanned %s times or more, the most'
              ' scanned one %s times.', to_char(s.partitions, 'FM999,999,999,999,990'), n.nspname, c.relname,
              to_char(s.common, 'FM999,999,999,999,990'), to_char(s.most, 'FM999,999,999,999,990')) AS message,
       jsonb_build_object('partitions', s.partitions, 'most_scans', s.most, 'three_quarters_at_least', s.common,
                          'rows_read', s.rows) AS evidence,
       NULL AS remediation
FROM scanned s
JOIN pg_class c ON c.oid = s.root
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.partitions >= greatest(:min_partitions, 2)
  AND s.most >= greatest(:min_scans, 1)
  AND s.common >= s.most * :min_percent / 100
UNION ALL
SELECT 'setting', NULL, 'enable_partition_pruning', 'warning', 'certain', 0,
       'Pruning of partitions is switched off for the server or for Caretaker''s own role.', '{}',
       'ALTER SYSTEM RESET enable_partition_pruning; SELECT pg_reload_conf();'
WHERE current_setting('enable_partition_pruning') = 'off'
UNION ALL
SELECT 'setting', NULL, concat_ws(' in ', quote_ident(r.rolname), quote_ident(d.datname)), 'warning', 'certain', 0,
       format('Pruning of partitions is switched off for %s.',
              concat_ws(' in ', 'role ' || quote_ident(r.rolname), 'database ' || quote_ident(d.datname))), '{}',
       CASE WHEN r.rolname IS NULL THEN format('ALTER DATABASE %I RESET enable_partition_pruning;', d.datname)
            WHEN d.datname IS NULL THEN format('ALTER ROLE %I RESET enable_partition_pruning;', r.rolname)
            ELSE format('ALTER ROLE %I IN DATABASE %I RESET enable_partition_pruning;', r.rolname, d.datname) END
FROM pg_db_role_setting x
CROSS JOIN LATERAL unnest(x.setconfig) AS setting
LEFT JOIN pg_roles r ON r.oid = x.setrole
LEFT JOIN pg_database d ON d.oid = x.setdatabase
WHERE split_part(setting, '=', 1) = 'enable_partition_pruning'
  -- kept as it was written: off, false, no, 0
  AND NOT split_part(setting, '=', 2)::boolean
  AND (x.setdatabase = 0 OR d.datname = current_database())
