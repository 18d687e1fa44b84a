-- id: cleanup-outrun
-- title: Rows arrive faster than they are removed
-- category: cleanup
-- severity: warning
-- confidence: estimated
-- impact: rows
-- reads: primary
-- for: each policy
-- threshold: min_days = 2 days — Shortest time between the two counts that are compared.
-- threshold: min_percent = 10 percent — Growth over that time from which it is reported.
-- threshold: grace_seconds = 86400 seconds — How long rows may outlive their retention.
-- meaning: Since an earlier detection more rows came than went, and the table holds rows overdue under the policy: removal
--   does not keep up. A table that is still filling up to its retention is not reported, for nothing in it is overdue.
-- remedy: Run the cleanup more often, raise its limits (rows per second, run window, deadline), or partition the table by
--   time and drop partitions.
WITH RECURSIVE before AS (
    SELECT h.*, extract(epoch FROM clock_timestamp() - h.taken) / 86400 AS days
    FROM jsonb_to_recordset(CAST(:history AS jsonb))
         AS h (taken timestamptz, schema text, name text, "rows" bigint, inserted bigint)
    WHERE h.schema = CAST(:schema_name AS text)
      AND h.name = CAST(:table_name AS text)
), tree AS (
    SELECT c.oid
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = CAST(:schema_name AS text)
      AND c.relname = CAST(:table_name AS text)
    UNION ALL
    SELECT h.inhrelid FROM tree t JOIN pg_inherits h ON h.inhparent = t.oid
), today AS (
    SELECT coalesce(sum(s.n_live_tup), 0)::bigint AS "rows", coalesce(sum(s.n_tup_ins), 0)::bigint AS inserted
    FROM tree t
    JOIN pg_stat_all_tables s ON s.relid = t.oid
    JOIN pg_class c ON c.oid = t.oid AND c.relkind <> 'p'
), compared AS (
    SELECT b.days, b.taken, b."rows" AS rows_before, t."rows" AS rows_now,
           t.inserted - b.inserted AS arrived,
           t.inserted - b.inserted - (t."rows" - b."rows") AS removed
    FROM before b
    CROSS JOIN today t
    WHERE b.days >= :min_days
      AND t.inserted >= b.inserted
)
SELECT 'policy' AS object_kind,
       CAST(:schema_name AS text) AS schema_name,
       CAST(:policy AS text) AS object_name,
       c.rows_now - c.rows_before AS impact,
       format('In %s days %s came to %I.%I and %s went, while rows are overdue under policy %s.', round(c.days::numeric, 1),
              to_char(c.arrived, 'FM999,999,999,999,990') || CASE c.arrived WHEN 1 THEN ' row' ELSE ' rows' END,
              CAST(:schema_name AS text), CAST(:table_name AS text),
              to_char(greatest(c.removed, 0), 'FM999,999,999,999,990'),
              CAST(:policy AS text)) AS message,
       jsonb_build_object('since', c.taken, 'rows_before', c.rows_before, 'rows_now', c.rows_now, 'arrived', c.arrived,
                          'removed', greatest(c.removed, 0)) AS evidence
FROM compared c
WHERE c.rows_now > c.rows_before * (1 + :min_percent / 100)
  AND EXISTS (SELECT FROM @table@ AS t
              WHERE @eligible@
                AND @time@ < CAST(:cutoff AS timestamptz) - make_interval(secs => :grace_seconds))
