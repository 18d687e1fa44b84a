-- id: cleanup-unreached
-- title: Rows that no policy reaches
-- category: cleanup
-- severity: warning
-- confidence: estimated
-- impact: rows
-- reads: primary
-- for: each table with policies
-- threshold: min_rows = 1000 rows — Fewest rows that are reported, extrapolated from a sample.
-- threshold: min_percent = 1 percent — Smallest share of the table.
-- threshold: sample_pages = 1000 pages — Most pages of the table that are read.
-- meaning: The table has policies, but rows pass none of their filters, or have no time by which to judge them, so they
--   stay for ever. Counted on a sample of the table's pages.
-- remedy: Add a policy for the rest, or widen a filter. If they are to stay, mute the finding.
WITH RECURSIVE tree AS (
    SELECT c.oid, c.relpages, c.reltuples, c.relkind
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = CAST(:schema_name AS text)
      AND c.relname = CAST(:table_name AS text)
    UNION ALL
    SELECT c.oid, c.relpages, c.reltuples, c.relkind
    FROM tree t
    JOIN pg_inherits h ON h.inhparent = t.oid
    JOIN pg_class c ON c.oid = h.inhrelid
), counted AS (
    SELECT count(*) AS sampled, count(*) FILTER (WHERE @reached@ IS NOT TRUE) AS unreached
    FROM @table@ AS t TABLESAMPLE SYSTEM (
        (SELECT least(100, 100.0 * :sample_pages / greatest(sum(relpages) FILTER (WHERE relkind <> 'p'), 1)) FROM tree))
), total AS (
    SELECT greatest(sum(reltuples) FILTER (WHERE relkind <> 'p' AND reltuples > 0), c.sampled)::numeric AS "rows"
    FROM tree
    CROSS JOIN counted c
    GROUP BY c.sampled
), judged AS (
    SELECT c.*, 100.0 * c.unreached / nullif(c.sampled, 0) AS percent,
           round(t."rows" * c.unreached / nullif(c.sampled, 0)) AS estimate
    FROM counted c
    CROSS JOIN total t
)
SELECT 'table' AS object_kind,
       CAST(:schema_name AS text) AS schema_name,
       CAST(:table_name AS text) AS object_name,
       estimate AS impact,
       format('No policy reaches about %s of table %I.%I, %s %% of it.',
              to_char(estimate, 'FM999,999,999,999,990') || CASE estimate WHEN 1 THEN ' row' ELSE ' rows' END, CAST(:schema_name AS text),
              CAST(:table_name AS text), round(percent, 1)) AS message,
       jsonb_build_object('sampled_rows', sampled, 'unreached_rows', unreached, 'percent', round(percent, 2),
                          'policies', (SELECT jsonb_agg(p ->> 'name') FROM jsonb_array_elements(CAST(:policies AS jsonb)) p))
           AS evidence
FROM judged
WHERE estimate >= greatest(:min_rows, 1)
  AND percent >= :min_percent
