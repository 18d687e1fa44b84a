-- id: policy-lost
-- title: Policies whose table is gone
-- category: cleanup
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- meaning: The table of the policy, or a column that the policy names, is not in the database: renamed or dropped since. So
--   the policy removes nothing, and what it was meant for may go on growing under another name.
-- remedy: Change the policy to the new name, or delete it.
SELECT 'policy' AS object_kind,
       p.schema AS schema_name,
       p.name AS object_name,
       CASE WHEN p.unread IS NULL THEN 0 ELSE 1 END AS unseen,
       coalesce(p.unread,
                format('Policy %s finds no table %I.%I with the columns that it names.', p.name, p.schema, p."table")) AS message,
       jsonb_build_object('table', format('%I.%I', p.schema, p."table"), 'time_column', p.time_column) AS evidence
FROM jsonb_to_recordset(CAST(:policies AS jsonb))
     AS p (name text, schema text, "table" text, time_column text, lost boolean, unread text)
WHERE p.lost
   OR p.unread IS NOT NULL
