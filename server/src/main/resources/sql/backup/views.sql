-- Views and materialized views that belong to no extension, in the order in which they were made.
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
       n.nspname AS schema, c.relname AS name, n.nspname AS table_schema, c.relname AS table_name,
       pg_catalog.format('CREATE %s %I.%I%s%s AS %s%s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END,
           n.nspname, c.relname,
           (SELECT pg_catalog.format(' USING %I', am.amname)
              FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'),
           ' WITH (' || (SELECT pg_catalog.string_agg(pg_catalog.format('%s%s=%L', o.place, pg_catalog.split_part(o.option, '=', 1),
                                                                   pg_catalog.substr(o.option, pg_catalog.strpos(o.option, '=') + 1)), ', ')
                           FROM (SELECT '' AS place, pg_catalog.unnest(c.reloptions) AS option
                                 UNION ALL
                                 SELECT 'toast.', pg_catalog.unnest(toast.reloptions)) o) || ')',
           pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';'),
           CASE c.relkind WHEN 'm' THEN ' WITH NO DATA' END) AS statement,
       '' AS role,
       c.oid, c.relkind,
       c.relkind = 'm' AND c.relispopulated AS populated
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid
 WHERE c.relkind IN ('v', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY c.oid
