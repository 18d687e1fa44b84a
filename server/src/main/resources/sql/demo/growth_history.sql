-- Five weeks of samples before the first one, made up: each table grew at a pace of its own, and policies had what cleanups have
-- removed since. The server ignores "demo", which says that it is so.
WITH removed AS (
    SELECT r.target, s.policy, sum(CAST(s.totals ->> 'rowsDeleted' AS bigint)) AS rows
      FROM caretaker.run r
      JOIN caretaker.run_step s ON s.run_id = r.run_id
     WHERE r.kind = 'CLEANUP' AND s.policy <> ''
     GROUP BY r.target, s.policy
)
INSERT INTO caretaker.growth_sample (target, day, cause, taken, content)
SELECT g.target, g.day - ago, 'DAILY', g.taken - ago * interval '1 day',
       g.content || jsonb_build_object(
           'demo', true,
           'databaseBytes',
           CAST(CAST(g.content ->> 'databaseBytes' AS bigint) * (1 - ago * 0.009 + sin(ago) * 0.004) AS bigint),
           'tables',
           (SELECT jsonb_agg(t || jsonb_build_object(
                       'heapBytes', CAST(CAST(t ->> 'heapBytes' AS bigint) * share AS bigint),
                       'indexBytes', CAST(CAST(t ->> 'indexBytes' AS bigint) * share AS bigint),
                       'toastBytes', CAST(CAST(t ->> 'toastBytes' AS bigint) * share AS bigint),
                       'rows', CAST(CAST(t ->> 'rows' AS bigint) * share AS bigint)))
              FROM jsonb_array_elements(g.content -> 'tables') t,
                   LATERAL (SELECT abs(hashtext(CAST(t -> 'table' AS text))) % 13 AS own) o,
                   LATERAL (SELECT 1 - ago * own * 0.0018 + sin(ago * (1 + own / 5.0)) * 0.012 AS share) s),
           'policies',
           (SELECT jsonb_agg(p || jsonb_build_object(
                       'eligible', CAST(coalesce(r.rows, 0) * (1 - ago / 36.0) AS bigint), 'exact', false))
              FROM jsonb_array_elements(g.content -> 'policies') p
              LEFT JOIN removed r ON r.target = g.target AND r.policy = p ->> 'policy'))
  FROM caretaker.growth_sample g, generate_series(1, 35) ago
 WHERE g.cause = 'DAILY' AND g.content -> 'demo' IS NULL
ON CONFLICT DO NOTHING
