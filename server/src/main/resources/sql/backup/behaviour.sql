-- Triggers, rules, row security and extended statistics of a table or view.
SELECT kind, schema, name, table_schema, table_name, statement, '' AS role
  FROM (SELECT 1 AS turn, 'trigger' AS kind, n.nspname AS schema, t.tgname AS name, n.nspname AS table_schema,
               c.relname AS table_name, pg_catalog.pg_get_triggerdef(t.oid) AS statement
          FROM pg_catalog.pg_trigger t
          JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE t.tgrelid = CAST(? AS bigint)::oid AND NOT t.tgisinternal AND t.tgparentid = 0
        UNION ALL
        SELECT 2, 'trigger state', n.nspname, t.tgname, n.nspname, c.relname,
               pg_catalog.format('ALTER TABLE ONLY %I.%I %s TRIGGER %I', n.nspname, c.relname,
                                 CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END,
                                 t.tgname)
          FROM pg_catalog.pg_trigger t
          JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE t.tgrelid = CAST(? AS bigint)::oid AND NOT t.tgisinternal AND t.tgenabled <> 'O'
        UNION ALL
        SELECT 3, 'rule', n.nspname, r.rulename, n.nspname, c.relname, pg_catalog.pg_get_ruledef(r.oid)
          FROM pg_catalog.pg_rewrite r
          JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE r.ev_class = CAST(? AS bigint)::oid AND r.rulename <> '_RETURN'
        UNION ALL
        SELECT 4, 'policy', n.nspname, pol.polname, n.nspname, c.relname,
               pg_catalog.format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s%s%s', pol.polname, n.nspname, c.relname,
                   CASE WHEN pol.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                   CASE pol.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                        ELSE 'ALL' END,
                   (SELECT pg_catalog.string_agg(CASE WHEN role = 0 THEN 'PUBLIC'
                                                      ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(role)) END, ', ')
                      FROM pg_catalog.unnest(pol.polroles) AS role),
                   ' USING (' || pg_catalog.pg_get_expr(pol.polqual, pol.polrelid) || ')',
                   ' WITH CHECK (' || pg_catalog.pg_get_expr(pol.polwithcheck, pol.polrelid) || ')')
          FROM pg_catalog.pg_policy pol
          JOIN pg_catalog.pg_class c ON c.oid = pol.polrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE pol.polrelid = CAST(? AS bigint)::oid
        UNION ALL
        SELECT 5, 'row security', n.nspname, c.relname, n.nspname, c.relname,
               pg_catalog.format('ALTER TABLE ONLY %I.%I ENABLE ROW LEVEL SECURITY%s', n.nspname, c.relname,
                                 CASE WHEN c.relforcerowsecurity THEN ', FORCE ROW LEVEL SECURITY' END)
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = CAST(? AS bigint)::oid AND c.relrowsecurity
        UNION ALL
        SELECT 6, 'statistics', sn.nspname, s.stxname, n.nspname, c.relname, pg_catalog.pg_get_statisticsobjdef(s.oid)
          FROM pg_catalog.pg_statistic_ext s
          JOIN pg_catalog.pg_namespace sn ON sn.oid = s.stxnamespace
          JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE s.stxrelid = CAST(? AS bigint)::oid) made
 WHERE statement IS NOT NULL
 ORDER BY turn, name
