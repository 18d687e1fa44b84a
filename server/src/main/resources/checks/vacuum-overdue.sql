-- id: vacuum-overdue
-- title: Tables that autovacuum should have vacuumed
-- category: tables
-- severity: warning
-- confidence: estimated
-- impact: rows
-- reads: primary
-- threshold: over_percent = 50 percent — How far above its own threshold a table must be.
-- meaning: A table has more dead rows, or more rows inserted since the last vacuum, than its own settings allow (storage
--   parameters first, then the server's; the ceiling of autovacuum_vacuum_max_threshold and the share of unfrozen pages
--   count where the server has them), yet nothing vacuums it now. Autovacuum is switched off, cannot keep up, or is
--   cancelled again and again by conflicting locks.
-- remedy: Vacuum the table. If that keeps happening, see autovacuum-disabled, and give autovacuum more workers or a higher
--   cost limit.
WITH options AS (
    SELECT c.oid, n.nspname, c.relname, greatest(c.reltuples, 0)::float8 AS rows,
           coalesce(1 - (to_jsonb(c) ->> 'relallfrozen')::float8 / nullif(c.relpages, 0), 1) AS unfrozen,
           o.*
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_threshold') AS base,
               max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_scale_factor') AS scale,
               max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_max_threshold') AS ceiling,
               max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_insert_threshold') AS insert_base,
               max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_insert_scale_factor') AS insert_scale
        FROM (@storage_parameters@) s) o
    WHERE c.relkind IN ('r', 'm')
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
), effective AS (
    SELECT o.*,
           coalesce(o.base, current_setting('autovacuum_vacuum_threshold')::float8)
           + coalesce(o.scale, current_setting('autovacuum_vacuum_scale_factor')::float8) * o.rows AS plain_limit,
           coalesce(o.ceiling, current_setting('autovacuum_vacuum_max_threshold', true)::float8, -1) AS max_limit,
           coalesce(o.insert_base, current_setting('autovacuum_vacuum_insert_threshold')::float8) AS insert_start,
           coalesce(o.insert_scale, current_setting('autovacuum_vacuum_insert_scale_factor')::float8)
           * o.rows * greatest(0, least(1, o.unfrozen)) AS insert_growth
    FROM options o
), limits AS (
    SELECT e.*,
           CASE WHEN max_limit >= 0 THEN least(plain_limit, max_limit) ELSE plain_limit END AS dead_limit,
           -- a negative start switches vacuums because of inserts off
           CASE WHEN insert_start >= 0 THEN insert_start + insert_growth END AS insert_limit
    FROM effective e
)
SELECT 'table' AS object_kind,
       l.nspname AS schema_name,
       l.relname AS object_name,
       greatest(s.n_dead_tup, CASE WHEN d.inserts THEN s.n_ins_since_vacuum END) AS impact,
       CASE WHEN d.dead
            THEN format('Table %I.%I has %s; autovacuum should have come at %s.', l.nspname, l.relname,
                        to_char(s.n_dead_tup, 'FM999,999,999,999,990') || CASE s.n_dead_tup WHEN 1 THEN ' dead row' ELSE ' dead rows' END,
                        to_char(l.dead_limit::numeric, 'FM999,999,999,999,990'))
            ELSE format('Table %I.%I got %s since the last vacuum; autovacuum should have come at %s.', l.nspname,
                        l.relname, to_char(s.n_ins_since_vacuum, 'FM999,999,999,999,990') || CASE s.n_ins_since_vacuum WHEN 1 THEN ' row' ELSE ' rows' END,
                        to_char(l.insert_limit::numeric, 'FM999,999,999,999,990'))
       END AS message,
       jsonb_build_object('dead_rows', s.n_dead_tup, 'dead_limit', round(l.dead_limit::numeric),
                          'inserted_rows', s.n_ins_since_vacuum, 'insert_limit', round(l.insert_limit::numeric),
                          'last_vacuum', s.last_vacuum, 'last_autovacuum', s.last_autovacuum) AS evidence,
       format('VACUUM (ANALYZE) %I.%I;', l.nspname, l.relname) AS remediation
FROM limits l
JOIN pg_stat_user_tables s ON s.relid = l.oid
CROSS JOIN LATERAL (
    SELECT s.n_dead_tup > l.dead_limit * (1 + :over_percent / 100) AS dead,
           coalesce(s.n_ins_since_vacuum > l.insert_limit * (1 + :over_percent / 100), false) AS inserts) d
WHERE (d.dead OR d.inserts)
  AND NOT EXISTS (SELECT FROM pg_stat_progress_vacuum v WHERE v.relid = l.oid AND v.datname = current_database())
