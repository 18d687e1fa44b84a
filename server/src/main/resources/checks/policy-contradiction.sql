-- id: policy-contradiction
-- title: Policies that contradict each other
-- category: cleanup
-- severity: warning
-- confidence: certain
-- impact: none
-- meaning: Two policies of a table do not fit together: one removes, as early or earlier, every row that the other would.
--   So the other never finds what it was meant for, or only what the limits of the first left. A short retention for some
--   rows under a longer one for all is fine, and so is the same retention under a policy with limits.
-- remedy: Remove one of them, or give the shorter one a filter.
SELECT 'policy' AS object_kind,
       p.schema AS schema_name,
       p.name AS object_name,
       c.value ->> 'policy' AS object_key,
       c.value ->> 'message' AS message,
       jsonb_build_object('table', format('%I.%I', p.schema, p."table"), 'pointless', p.name, 'because_of', c.value ->> 'policy')
           AS evidence
FROM jsonb_to_recordset(CAST(:policies AS jsonb)) AS p (name text, schema text, "table" text, contradictions jsonb)
CROSS JOIN LATERAL jsonb_array_elements(p.contradictions) AS c
