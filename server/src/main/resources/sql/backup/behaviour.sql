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
        SELECT 3, 'rule state', n.nspname, r.rulename, n.nspname, c.relname,
               pg_catalog.format('ALTER TABLE %I.%I %s RULE %I', n.nspname, c.relname,
                                 CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END,
                                 r.rulename)
          FROM pg_catalog.pg_rewrite r
          JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE r.ev_class = CAST(? AS bigint)::oid AND r.rulename <> '_RETURN' AND r.ev_enabled <> 'O'
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
               pg_catalog.format('ALTER TABLE ONLY %I.%I %s', n.nspname, c.relname,
                                 pg_catalog.concat_ws(', ', CASE WHEN c.relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END,
                                                      CASE WHEN c.relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END))
          FROM pg_catalog.pg_class c
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = CAST(? AS bigint)::oid AND (c.relrowsecurity OR c.relforcerowsecurity)
        UNION ALL
        SELECT 6, 'statistics', sn.nspname, s.stxname, n.nspname, c.relname, pg_catalog.pg_get_statisticsobjdef(s.oid)
          FROM pg_catalog.pg_statistic_ext s
          JOIN pg_catalog.pg_namespace sn ON sn.oid = s.stxnamespace
          JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE s.stxrelid = CAST(? AS bigint)::oid
        UNION ALL
        SELECT 7, 'statistics target', sn.nspname, s.stxname, n.nspname, c.relname,
               pg_catalog.format('ALTER STATISTICS %I.%I SET STATISTICS %s', sn.nspname, s.stxname, s.stxstattarget)
          FROM pg_catalog.pg_statistic_ext s
          JOIN pg_catalog.pg_namespace sn ON sn.oid = s.stxnamespace
          JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE s.stxrelid = CAST(? AS bigint)::oid AND COALESCE(s.stxstattarget, -1) <> -1) made
 WHERE statement IS NOT NULL
 ORDER BY turn, name, kind
