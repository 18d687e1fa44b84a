-- What a table has beyond its CREATE TABLE: the type that a typed table is of, what is set of its columns, and defaults of the columns
-- of a view.
SELECT kind, schema, name, table_schema, table_name, statement, '' AS role
  FROM (SELECT 1 AS turn, 'typed table' AS kind, n.nspname AS schema, c.relname AS name, n.nspname AS table_schema,
               c.relname AS table_name,
               pg_catalog.format('ALTER TABLE ONLY %I.%I OF %s', n.nspname, c.relname,
                                 pg_catalog.format_type(c.reloftype, -1)) AS statement
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = CAST(? AS bigint)::oid AND c.reloftype <> 0
        UNION ALL
        SELECT 2, 'column setting', n.nspname, a.attname, n.nspname, c.relname,
               pg_catalog.format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I %s', n.nspname, c.relname, a.attname, form.what)
          FROM pg_catalog.pg_attribute a
          JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_type ty ON ty.oid = a.atttypid
          LEFT JOIN pg_catalog.pg_attrdef def ON c.relkind = 'v' AND def.adrelid = a.attrelid AND def.adnum = a.attnum
         CROSS JOIN LATERAL (VALUES
               (CASE WHEN COALESCE(a.attstattarget, -1) <> -1 THEN pg_catalog.format('SET STATISTICS %s', a.attstattarget) END),
               (CASE WHEN a.attstorage <> ty.typstorage
                     THEN 'SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                                              ELSE 'EXTENDED' END END),
               (CASE a.attcompression WHEN 'p' THEN 'SET COMPRESSION pglz' WHEN 'l' THEN 'SET COMPRESSION lz4' END),
               ((SELECT 'SET (' || pg_catalog.string_agg(pg_catalog.format('%I=%L', pg_catalog.split_part(o.option, '=', 1),
                                       pg_catalog.substr(o.option, pg_catalog.strpos(o.option, '=') + 1)), ', ') || ')'
                   FROM pg_catalog.unnest(a.attoptions) AS o (option))),
               ('SET DEFAULT ' || pg_catalog.pg_get_expr(def.adbin, def.adrelid))) AS form (what)
         WHERE a.attrelid = CAST(? AS bigint)::oid AND a.attnum > 0 AND NOT a.attisdropped AND form.what IS NOT NULL) made
 ORDER BY turn, name, statement
