-- id: archive-part-missing
-- title: Damaged archive
-- category: archives
-- severity: critical
-- confidence: certain
-- impact: rows
-- reads: primary
-- meaning: A stored archive is not what was put there: its manifest or a part is missing, or has other bytes. Its rows are gone from
--   their table, so that this may have been the only copy. Stored archives are looked at once a day; what only reading shows is
--   found by "caretaker archives verify".
-- remedy: Bring the object back from a version, a replica or a backup of the destination (a lifecycle rule may have deleted it),
--   then "caretaker archives verify ARCHIVE" with the level of the look that found it. What is lost for good is deleted with
--   "caretaker archives delete ARCHIVE --force".
SELECT 'archive' AS object_kind,
       a.schema AS schema_name,
       a.archive AS object_name,
       'critical' AS severity,
       a.rows AS impact,
       format('%s It holds %s of %I.%I, at %s.', a.fault, to_char(a.rows, 'FM999,999,999,999,990') || CASE a.rows WHEN 1 THEN ' row' ELSE ' rows' END,
              a.schema, a.relation, a.destination)
           AS message,
       jsonb_build_object('table', a.relation, 'destination', a.destination, 'rows', a.rows, 'fault', a.fault) AS evidence
FROM jsonb_to_recordset(CAST(:archives AS jsonb))
     AS a (archive text, schema text, relation text, destination text, rows bigint, fault text)
WHERE a.fault <> ''
