-- Comments on relations and their columns, on constraints, schemas, types and functions.
SELECT 'comment' AS kind, schema, name, table_schema, table_name, statement, '' AS role
  FROM (SELECT n.nspname AS schema, pg_catalog.concat(c.relname, '.', a.attname) AS name, n.nspname AS table_schema,
               CASE WHEN c.relkind NOT IN ('i', 'I', 'c') THEN c.relname END AS table_name,
               CASE WHEN d.objsubid > 0
                    THEN pg_catalog.format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname, d.description)
                    ELSE pg_catalog.format('COMMENT ON %s %I.%I IS %L',
                             CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                                  WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END,
                             n.nspname, c.relname, d.description) END AS statement
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_class c ON c.oid = d.objoid AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'c')
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
         WHERE d.classoid = 'pg_catalog.pg_class'::regclass
        UNION ALL
        SELECT n.nspname, con.conname, n.nspname, c.relname,
               pg_catalog.format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', con.conname, n.nspname, c.relname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_constraint con ON con.oid = d.objoid
          JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE d.classoid = 'pg_catalog.pg_constraint'::regclass
        UNION ALL
        SELECT n.nspname, '', NULL, NULL, pg_catalog.format('COMMENT ON SCHEMA %I IS %L', n.nspname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_namespace n ON n.oid = d.objoid
         WHERE d.classoid = 'pg_catalog.pg_namespace'::regclass AND n.nspname <> 'public'
        UNION ALL
        SELECT n.nspname, t.typname, NULL, NULL,
               pg_catalog.format('COMMENT ON TYPE %I.%I IS %L', n.nspname, t.typname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_type t ON t.oid = d.objoid AND t.typtype IN ('e', 'd', 'r')
          JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE d.classoid = 'pg_catalog.pg_type'::regclass
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.pg_type'::regclass
                                                                AND x.objid = t.oid AND x.deptype = 'e')
        UNION ALL
        SELECT n.nspname, p.proname, NULL, NULL,
               pg_catalog.format('COMMENT ON %s %I.%I(%s) IS %L', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
                                 n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid), d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_proc p ON p.oid = d.objoid AND p.prokind IN ('f', 'p', 'w')
          JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
         WHERE d.classoid = 'pg_catalog.pg_proc'::regclass
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.pg_proc'::regclass
                                                                AND x.objid = p.oid AND x.deptype = 'e')) made
 WHERE schema !~ '^pg_' AND schema <> 'information_schema'
 ORDER BY 2, 3
