-- Comments on relations and their columns, on constraints, triggers, rules, policies, statistics, schemas, types, functions and access
-- methods.
SELECT 'comment' AS kind, schema, name, table_schema, table_name, statement, '' AS role
  FROM (SELECT n.nspname AS schema, pg_catalog.concat(c.relname, '.', a.attname) AS name, COALESCE(tn.nspname, n.nspname) AS table_schema,
               CASE WHEN c.relkind <> 'c' THEN COALESCE(t.relname, c.relname) END AS table_name,
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
          -- Of an index its table, of an identity column's sequence that of the column.
          LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = c.oid
          LEFT JOIN pg_catalog.pg_depend own ON c.relkind = 'S' AND own.classid = 'pg_catalog.pg_class'::regclass
                                            AND own.objid = c.oid AND own.refclassid = 'pg_catalog.pg_class'::regclass
                                            AND own.refobjsubid > 0 AND own.deptype = 'i'
          LEFT JOIN pg_catalog.pg_class t ON t.oid = COALESCE(x.indrelid, own.refobjid)
          LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
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
        SELECT n.nspname, con.conname, NULL, NULL,
               pg_catalog.format('COMMENT ON CONSTRAINT %I ON DOMAIN %I.%I IS %L', con.conname, n.nspname, t.typname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_constraint con ON con.oid = d.objoid
          JOIN pg_catalog.pg_type t ON t.oid = con.contypid
          JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE d.classoid = 'pg_catalog.pg_constraint'::regclass
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.pg_type'::regclass
                                                                AND x.objid = t.oid AND x.deptype = 'e')
        UNION ALL
        SELECT n.nspname, o.name, n.nspname, c.relname,
               pg_catalog.format('COMMENT ON %s %I ON %I.%I IS %L', o.word, o.name, n.nspname, c.relname, d.description)
          FROM pg_catalog.pg_description d
          JOIN (SELECT 'pg_catalog.pg_trigger'::regclass AS catalog, t.oid, 'TRIGGER' AS word, t.tgname AS name, t.tgrelid AS relation
                  FROM pg_catalog.pg_trigger t
                 WHERE NOT t.tgisinternal
                UNION ALL
                SELECT 'pg_catalog.pg_rewrite'::regclass, r.oid, 'RULE', r.rulename, r.ev_class
                  FROM pg_catalog.pg_rewrite r
                 WHERE r.rulename <> '_RETURN'
                UNION ALL
                SELECT 'pg_catalog.pg_policy'::regclass, p.oid, 'POLICY', p.polname, p.polrelid
                  FROM pg_catalog.pg_policy p) o ON o.catalog = d.classoid AND o.oid = d.objoid
          JOIN pg_catalog.pg_class c ON c.oid = o.relation
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        UNION ALL
        SELECT sn.nspname, s.stxname, n.nspname, c.relname,
               pg_catalog.format('COMMENT ON STATISTICS %I.%I IS %L', sn.nspname, s.stxname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_statistic_ext s ON s.oid = d.objoid
          JOIN pg_catalog.pg_namespace sn ON sn.oid = s.stxnamespace
          JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE d.classoid = 'pg_catalog.pg_statistic_ext'::regclass
        UNION ALL
        SELECT '', am.amname, NULL, NULL, pg_catalog.format('COMMENT ON ACCESS METHOD %I IS %L', am.amname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_am am ON am.oid = d.objoid AND am.oid >= 16384
         WHERE d.classoid = 'pg_catalog.pg_am'::regclass
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.pg_am'::regclass
                                                                AND x.objid = am.oid AND x.deptype = 'e')
        UNION ALL
        SELECT n.nspname, '', NULL, NULL, pg_catalog.format('COMMENT ON SCHEMA %I IS %L', n.nspname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_namespace n ON n.oid = d.objoid
         WHERE d.classoid = 'pg_catalog.pg_namespace'::regclass
           AND (n.nspname <> 'public' OR d.description <> 'standard public schema')
        UNION ALL
        SELECT n.nspname, t.typname, NULL, NULL,
               pg_catalog.format('COMMENT ON TYPE %I.%I IS %L', n.nspname, t.typname, d.description)
          FROM pg_catalog.pg_description d
          JOIN pg_catalog.pg_type t ON t.oid = d.objoid AND t.typtype IN ('e', 'd', 'r', 'c')
          JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
         WHERE d.classoid = 'pg_catalog.pg_type'::regclass
           AND (t.typtype <> 'c' OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
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
