-- id: partition-set-behind
-- title: Partition set that is behind
-- category: partitions
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- threshold: min_missing = 2 partitions — Fewest missing partitions that are reported while one covers now.
-- meaning: Partitions that a set wants do not exist: its upkeep is not run, is paused, or fails. Where no partition covers now
--   rows go to the default partition, or are refused, and the finding is critical.
-- remedy: Plan and run upkeep (caretaker partitions upkeep), look at the outcome of its last run, and have a routine with the
--   part "partitions" run each day.
SELECT 'table' AS object_kind,
       s.schema AS schema_name,
       s."table" AS object_name,
       CASE WHEN s.uncovered IS NOT NULL THEN 'critical' END AS severity,
       CASE WHEN s.uncovered IS NOT NULL THEN s.uncovered
            ELSE format('Table %I.%I lacks %s that its set %s wants%s.', s.schema, s."table",
                        to_char(s.missing, 'FM999,999,999,999,990') || CASE s.missing WHEN 1 THEN ' partition' ELSE ' partitions' END, s.set,
                        CASE WHEN s.paused THEN ', whose creation is paused' ELSE '' END)
       END AS message,
       jsonb_build_object('set', s.set, 'missing', s.missing, 'ahead', s.ahead, 'paused', s.paused) AS evidence,
       NULL AS measure,
       NULL AS value
FROM jsonb_to_recordset(:partition_sets) AS s
     (set text, schema text, "table" text, problem text, uncovered text, missing bigint, ahead bigint, paused boolean)
WHERE s.problem IS NULL
  AND (s.uncovered IS NOT NULL OR s.missing >= :min_missing)
UNION ALL
SELECT 'table', '', s.set, NULL, '', NULL, 'set-runway', s.runway_seconds
FROM jsonb_to_recordset(:partition_sets) AS s (set text, runway_seconds double precision)
WHERE s.runway_seconds IS NOT NULL
UNION ALL
SELECT 'table', '', s.set, NULL, '', NULL, 'set-default-rows', r.rows
FROM jsonb_to_recordset(:partition_sets) AS s (set text, schema text, "table" text)
JOIN pg_namespace n ON n.nspname = s.schema
JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s."table"
JOIN pg_partitioned_table p ON p.partrelid = c.oid AND p.partdefid <> 0
-- the default may itself be partitioned
CROSS JOIN LATERAL (
    WITH RECURSIVE parts AS (
        SELECT p.partdefid AS part
        UNION ALL
        SELECT h.inhrelid FROM parts t JOIN pg_inherits h ON h.inhparent = t.part)
    SELECT coalesce(sum(greatest(l.reltuples::bigint, a.n_live_tup, 0)), 0)::double precision AS rows
    FROM parts t
    JOIN pg_class l ON l.oid = t.part AND l.relkind = 'r'
    LEFT JOIN pg_stat_all_tables a ON a.relid = l.oid) r
