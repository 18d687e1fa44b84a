-- id: autovacuum-disabled
-- title: Autovacuum is switched off
-- category: tables
-- severity: warning
-- confidence: certain
-- impact: rows
-- reads: primary
-- meaning: For the table, its TOAST table or the whole server autovacuum is off (or track_counts is, which it needs), so
--   nothing removes dead rows, freezes old ones and keeps statistics fresh, until the server forces it against
--   transaction id wraparound.
-- remedy: Switch it on again, on the server's command line if it was switched off there. Where it was switched off for a load, vacuum the table once after the load.
SELECT 'table' AS object_kind,
       n.nspname AS schema_name,
       c.relname AS object_name,
       greatest(c.reltuples, 0) AS impact,
       NULL AS severity,
       format('Autovacuum is switched off for %stable %I.%I.', CASE WHEN o.on_toast THEN 'the TOAST table of ' ELSE '' END,
              n.nspname, c.relname) AS message,
       jsonb_build_object('rows', c.reltuples, 'dead_rows', s.n_dead_tup, 'toast', o.on_toast,
                          'last_vacuum', greatest(s.last_vacuum, s.last_autovacuum)) AS evidence,
       format('ALTER TABLE %I.%I RESET (%s);', n.nspname, c.relname,
              CASE WHEN o.on_toast THEN 'toast.autovacuum_enabled' ELSE 'autovacuum_enabled' END) AS remediation,
       CASE WHEN o.on_toast THEN 'toast' ELSE '' END AS object_key
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
CROSS JOIN LATERAL (
    SELECT false AS on_toast, option_value FROM pg_options_to_table(c.reloptions) WHERE option_name = 'autovacuum_enabled'
    UNION ALL
    SELECT true, option_value FROM pg_options_to_table(toast.reloptions) WHERE option_name = 'autovacuum_enabled') o
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE NOT o.option_value::boolean
  AND (c.reloptions IS NOT NULL OR toast.reloptions IS NOT NULL)
  AND c.relkind IN ('r', 'm')
  AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'server', NULL, g.name, 0, 'critical',
       format('The server runs with %s = off.', g.name),
       jsonb_build_object('setting', g.name, 'value', 'off'),
       -- the command line goes before what ALTER SYSTEM writes
       CASE WHEN (SELECT s.source FROM pg_settings s WHERE s.name = g.name) <> 'command line'
            THEN format('ALTER SYSTEM SET %s = on; SELECT pg_reload_conf();', g.name) END,
       ''
FROM (VALUES ('autovacuum'), ('track_counts')) g (name)
WHERE current_setting(g.name) = 'off'
