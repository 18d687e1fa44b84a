-- id: autovacuum-tuning
-- title: Autovacuum settings that do not fit the table's size
-- category: tables
-- severity: info
-- confidence: heuristic
-- impact: rows
-- reads: primary
-- threshold: max_dead_rows = 1000000 rows — Most dead rows a table should gather before autovacuum comes.
-- threshold: max_cost_delay = 10 milliseconds — Longest autovacuum_vacuum_cost_delay for tables of that size.
-- meaning: Autovacuum comes when a share of the table is dead (a fifth by default): for a large table that is a long wait,
--   and then one long vacuum. Or it comes in time but is slowed down so much that it cannot keep up.
-- remedy: Give the table a smaller scale factor, so that vacuum comes often and has little to do each time.
WITH options AS (
    SELECT c.oid, n.nspname, c.relname, c.reltuples,
           coalesce(o.base, current_setting('autovacuum_vacuum_threshold')::float8) AS base,
           coalesce(o.scale, current_setting('autovacuum_vacuum_scale_factor')::float8) AS scale,
           coalesce(o.ceiling, current_setting('autovacuum_vacuum_max_threshold', true)::float8, -1) AS ceiling,
           -- milliseconds in pg_settings; negative at the table means the server's
           coalesce(nullif(o.delay, -1), g.delay) AS delay
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_threshold') AS base,
               max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_scale_factor') AS scale,
               max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_max_threshold') AS ceiling,
               max(number) FILTER (WHERE option_name = 'autovacuum_vacuum_cost_delay') AS delay
        FROM (@storage_parameters@) s) o
    CROSS JOIN (SELECT max(CASE WHEN name = 'autovacuum_vacuum_cost_delay' AND setting::float8 >= 0 THEN setting::float8
                                WHEN name = 'vacuum_cost_delay' THEN setting::float8 END) AS delay
                FROM pg_settings WHERE name IN ('autovacuum_vacuum_cost_delay', 'vacuum_cost_delay')) g
    WHERE c.relkind IN ('r', 'm')
      AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_'
      AND n.nspname <> 'information_schema'
      AND c.reltuples >= :max_dead_rows
      AND c.reltuples > 0
), judged AS (
    SELECT o.*, l.dead_limit, l.dead_limit > :max_dead_rows AS late, o.delay > :max_cost_delay AS slow,
           -- two digits that mean something: 0.05, 0.013
           trim_scale(trunc(f.factor, (1 - floor(log(f.factor)))::int)) AS better, b.better_base
    FROM options o
    -- what comes on top of the share must fit too
    CROSS JOIN LATERAL (SELECT least(o.base, trunc((:max_dead_rows)::numeric / 2)) AS better_base) b
    CROSS JOIN LATERAL (
        SELECT least(1, greatest(0.000001, ((:max_dead_rows)::float8 - b.better_base) / o.reltuples))::numeric AS factor) f
    CROSS JOIN LATERAL (
        SELECT CASE WHEN o.ceiling >= 0 THEN least(o.base + o.scale * o.reltuples, o.ceiling)
                    ELSE o.base + o.scale * o.reltuples END AS dead_limit) l
)
SELECT 'table' AS object_kind,
       nspname AS schema_name,
       relname AS object_name,
       dead_limit AS impact,
       CASE WHEN late
            THEN format('Autovacuum comes to table %I.%I only after %s dead rows.', nspname, relname,
                        to_char(dead_limit::numeric, 'FM999,999,999,999,990'))
            ELSE format('Autovacuum of table %I.%I pauses %s ms at a time.', nspname, relname, delay)
       END AS message,
       jsonb_build_object('rows', reltuples, 'dead_limit', round(dead_limit::numeric), 'scale_factor', scale,
                          'cost_delay_ms', delay) AS evidence,
       format('ALTER TABLE %I.%I SET (%s);', nspname, relname,
              concat_ws(', ',
                        CASE WHEN late AND better_base < base THEN format('autovacuum_vacuum_threshold = %s', better_base) END,
                        CASE WHEN late THEN format('autovacuum_vacuum_scale_factor = %s, autovacuum_analyze_scale_factor = %s',
                                                   better, trim_scale(better / 2)) END,
                        CASE WHEN slow THEN 'autovacuum_vacuum_cost_delay = 2' END)) AS remediation
FROM judged
WHERE late OR slow
