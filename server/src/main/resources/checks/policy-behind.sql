-- id: policy-behind
-- title: Policies that never catch up
-- category: cleanup
-- severity: warning
-- confidence: estimated
-- impact: rows
-- reads: primary
-- threshold: min_rows = 1000 rows — Fewest rows that should be gone.
-- meaning: Over the last 30 days more rows became eligible under the policy than its cleanups removed, or none ran: if all goes on
--   like this, what should be gone never will be. "caretaker growth" shows both rates, and says how they are told. A policy whose
--   cleanups leave nothing is not reported, and none of which there are too few samples.
-- remedy: Run the cleanup, more often or for longer ("caretaker schedules"); raise its limits (maxRows, deadline, window, rows per
--   second); or partition the table by time and drop partitions.
SELECT 'policy' AS object_kind,
       g.schema AS schema_name,
       g.policy AS object_name,
       g.eligible AS impact,
       format('Policy %s never catches up: %s of %I.%I should be gone%s. %s', g.policy,
              CASE WHEN g.exact THEN '' ELSE 'about ' END || to_char(g.eligible, 'FM999,999,999,999,990') || CASE g.eligible WHEN 1 THEN ' row' ELSE ' rows' END,
              g.schema, g."table",
              CASE WHEN g.inflow IS NULL THEN ''
                   ELSE format('; %s become eligible a day and %s are removed', to_char(g.inflow, 'FM999,999,999,999,990'),
                               to_char(g.outflow, 'FM999,999,999,999,990')) END,
              g.reason) AS message,
       jsonb_build_object('table', format('%I.%I', g.schema, g."table"), 'eligible', g.eligible, 'exact', g.exact,
                          'inflow_per_day', g.inflow, 'outflow_per_day', g.outflow, 'sample', g.taken) AS evidence
FROM jsonb_to_recordset(CAST(:growth AS jsonb) -> 'policies')
     AS g (policy text, schema text, "table" text, verdict text, reason text, eligible bigint, exact boolean, inflow bigint,
           outflow bigint, taken timestamptz)
WHERE g.verdict = 'NEVER'
  AND g.eligible >= :min_rows
