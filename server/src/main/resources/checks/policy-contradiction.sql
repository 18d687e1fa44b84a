-- id: policy-contradiction
-- title: Policies that contradict each other
-- category: cleanup
-- severity: warning
-- confidence: certain
-- impact: none
-- meaning: Two policies of a table do not fit together: one without a filter removes rows before the longer retention of the
--   other is over, or two with the same filter keep the same rows for different times. The shorter one wins, and the longer
--   one never finds what it was meant for.
-- remedy: Remove one of them, or give the shorter one a filter.
WITH policies AS (
    SELECT p.*
    FROM jsonb_to_recordset(CAST(:policies AS jsonb))
         AS p (name text, schema text, "table" text, time_column text, filter text, filtered boolean, retention_seconds float8)
)
SELECT 'policy' AS object_kind,
       a.schema AS schema_name,
       b.name AS object_name,
       a.name AS object_key,
       format('Policy %s keeps rows of %I.%I for %s days, but policy %s removes them after %s.', b.name, b.schema, b."table",
              round((b.retention_seconds / 86400)::numeric, 1), a.name, round((a.retention_seconds / 86400)::numeric, 1)) AS message,
       jsonb_build_object('table', format('%I.%I', b.schema, b."table"), 'shorter', a.name,
                          'shorter_seconds', a.retention_seconds, 'longer', b.name, 'longer_seconds', b.retention_seconds,
                          'time_column', a.time_column, 'filter', b.filter) AS evidence
FROM policies a
JOIN policies b ON b.schema = a.schema AND b."table" = a."table" AND b.time_column = a.time_column AND b.name <> a.name
WHERE a.retention_seconds < b.retention_seconds
  AND (NOT a.filtered OR a.filter = b.filter)
