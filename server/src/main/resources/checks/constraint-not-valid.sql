-- id: constraint-not-valid
-- title: Constraints that were never validated
-- category: tables
-- severity: warning
-- confidence: certain
-- impact: rows
-- meaning: The constraint was added NOT VALID: it holds for new rows, while nobody checked the old ones, and the planner
--   does not rely on it. Constraints declared NOT ENFORCED are not reported.
-- remedy: Validate it. That reads the table but locks out neither reads nor writes.
SELECT 'constraint' AS object_kind,
       n.nspname AS schema_name,
       c.relname || '.' || k.conname AS object_name,
       greatest(c.reltuples, 0) AS impact,
       format('%s constraint %I of table %I.%I was never validated.', t.kind, k.conname, n.nspname, c.relname) AS message,
       jsonb_build_object('table', format('%I.%I', n.nspname, c.relname), 'kind', t.kind, 'rows', c.reltuples) AS evidence,
       format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I;', n.nspname, c.relname, k.conname) AS remediation
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
    SELECT CASE k.contype WHEN 'c' THEN 'Check' WHEN 'f' THEN 'Foreign key' WHEN 'n' THEN 'Not-null' ELSE 'Other' END AS kind) t
WHERE NOT k.convalidated
  AND k.conparentid = 0
  -- a partition's copy of its parent's
  AND NOT (c.relispartition AND k.coninhcount > 0)
  AND coalesce(to_jsonb(k) ->> 'conenforced', 'true') = 'true'
  AND c.relkind IN ('r', 'p')
  AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
