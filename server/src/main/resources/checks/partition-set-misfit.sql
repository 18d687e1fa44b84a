-- id: partition-set-misfit
-- title: Partition set that no longer fits its table
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- meaning: The table of a partition set is gone, is no longer partitioned by range of one column of the right type, belongs to
--   a role whose rights Caretaker's role has not, or has bounds that cannot be read. Nothing is done for the set: no partition
--   is created and none is retired.
-- remedy: Apply the set anew as the table is now, delete it, or grant the owner's role to Caretaker's.
SELECT 'table' AS object_kind,
       s.schema AS schema_name,
       s."table" AS object_name,
       format('Partition set %s: %s', s.set, s.problem) AS message,
       jsonb_build_object('set', s.set) AS evidence
FROM jsonb_to_recordset(:partition_sets) AS s (set text, schema text, "table" text, problem text)
WHERE s.problem IS NOT NULL
