-- All that a table is, in words that name nothing by oid. Parameter: name of a schema.
SELECT string_agg(line, E'\n' ORDER BY line) FROM (
SELECT format('table %s %s %s rls %s %s identity %s owner %s acl %s options %s comment %s', c.relname, c.relkind, c.relpersistence,
              c.relrowsecurity, c.relforcerowsecurity, c.relreplident, c.relowner::regrole,
              (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(c.relacl) x), c.reloptions, obj_description(c.oid, 'pg_class')) AS line
  FROM pg_class c WHERE c.relnamespace = ?::regnamespace AND c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT format('column %s.%s %s %s not null %s default %s identity %s generated %s acl %s comment %s stats %s %s storage %s', c.relname, a.attname, a.attnum,
              format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attacl,
              col_description(c.oid, a.attnum), coalesce(a.attstattarget, -1), a.attoptions, a.attstorage)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = ?::regnamespace AND c.relkind IN ('r', 'p', 'v')
UNION ALL
SELECT format('constraint %s on %s: %s valid %s comment %s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid), k.convalidated,
              obj_description(k.oid, 'pg_constraint'))
  FROM pg_constraint k WHERE k.connamespace = ?::regnamespace
UNION ALL
SELECT format('index %s valid %s identity %s comment %s', pg_get_indexdef(x.indexrelid), x.indisvalid, x.indisreplident, obj_description(x.indexrelid, 'pg_class'))
  FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid WHERE c.relnamespace = ?::regnamespace
UNION ALL
SELECT format('trigger %s %s comment %s', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger'))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = ?::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT format('rule %s %s comment %s', pg_get_ruledef(r.oid), r.ev_enabled, obj_description(r.oid, 'pg_rewrite')) FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace = ?::regnamespace
UNION ALL
SELECT format('policy %s comment %s', to_jsonb(p), (SELECT obj_description(o.oid, 'pg_policy') FROM pg_policy o
              WHERE o.polname = p.policyname AND o.polrelid = format('%I.%I', p.schemaname, p.tablename)::regclass))
  FROM pg_policies p WHERE p.schemaname = ?
UNION ALL
SELECT format('sequence %s of %s %s acl %s comment %s', s.relname, d.refobjid::regclass, to_jsonb(q) - 'seqrelid',
              (SELECT string_agg(x::text, ',' ORDER BY x::text) FROM unnest(s.relacl) x), obj_description(s.oid, 'pg_class'))
  FROM pg_class s JOIN pg_sequence q ON q.seqrelid = s.oid LEFT JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
 WHERE s.relnamespace = ?::regnamespace
UNION ALL
SELECT format('statistics %s target %s comment %s', pg_get_statisticsobjdef(e.oid), coalesce(e.stxstattarget, -1), obj_description(e.oid, 'pg_statistic_ext')) FROM pg_statistic_ext e WHERE e.stxnamespace = ?::regnamespace
UNION ALL
SELECT format('function %s', pg_get_functiondef(p.oid)) FROM pg_proc p WHERE p.pronamespace = ?::regnamespace AND p.prokind = 'f'
UNION ALL
SELECT format('toast of %s %s', c.relname, t.reloptions) FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.relnamespace = ?::regnamespace
) lines
