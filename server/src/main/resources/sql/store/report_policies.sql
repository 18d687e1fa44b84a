-- A step is of the period in which it ended or, as long as it has not, began. Parts of routines count through their runs.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until),
done AS (
    SELECT s.*, coalesce(s.ended, s.started) AS at, r.outcome AS run_outcome, r.ended AS run_ended, p.since
    FROM caretaker.run r
    JOIN caretaker.run_step s ON s.run_id = r.run_id, p
    WHERE r.kind <> 'ROUTINE' AND r.target = p.target AND r.created < p.until AND (r.ended IS NULL OR r.ended >= p.since)
      AND coalesce(s.ended, s.started) >= p.since AND coalesce(s.ended, s.started) < p.until),
by_run AS (
    SELECT policy, total_schema, total_table, run_id, max(run_ended) AS run_ended,
           bool_and(outcome IS NOT NULL AND outcome IN ('COMPLETE', 'SKIPPED')) AS complete
    FROM done
    WHERE policy <> ''
    GROUP BY policy, total_schema, total_table, run_id),
kept AS (
    SELECT d.policy, d.total_schema, d.total_table, a.place, sum(a.rows) AS rows, sum(a.bytes) AS bytes
    FROM done d
    CROSS JOIN LATERAL jsonb_to_recordset(CASE jsonb_typeof(d.totals -> 'archived') WHEN 'array' THEN d.totals -> 'archived' END)
        AS a (place text, rows bigint, bytes bigint)
    WHERE d.policy <> ''
    GROUP BY d.policy, d.total_schema, d.total_table, a.place)
SELECT t.*, (SELECT jsonb_agg(jsonb_build_object('place', k.place, 'rows', k.rows, 'bytes', k.bytes) ORDER BY k.place)
             FROM kept k
             WHERE k.policy = t.policy AND k.total_schema = t.total_schema AND k.total_table = t.total_table) AS archived,
       b.runs, b.runs_not_complete, b.complete_time
FROM (SELECT policy, total_schema, total_table,
coalesce(sum(CAST(totals ->> 'rowsDeleted' AS bigint)), 0) AS rows_deleted,
       coalesce(bool_and(CAST(totals ->> 'rowsExact' AS boolean)), true) AS rows_exact,
       coalesce(sum(CAST(totals ->> 'rowsCascaded' AS bigint)), 0) AS rows_cascaded,
       coalesce(sum(CAST(totals ->> 'rowsPinned' AS bigint)), 0) AS rows_pinned,
       coalesce(sum(CAST(totals ->> 'rowsResidual' AS bigint)), 0) AS rows_residual,
       coalesce(sum(CAST(totals ->> 'bytesDeleted' AS bigint)), 0) AS bytes_deleted,
       coalesce(sum(CAST(totals ->> 'bytesReusable' AS bigint)), 0) AS bytes_reusable,
       coalesce(sum(CAST(totals ->> 'bytesReturned' AS bigint)), 0) AS bytes_returned,
       coalesce(sum(CAST(totals ->> 'walBytes' AS bigint)), 0) AS wal_bytes,
       coalesce(sum(CAST(totals ->> 'batches' AS bigint)), 0) AS batches,
       coalesce(sum(CAST(totals ->> 'retries' AS bigint)), 0) AS retries
      FROM done
      WHERE policy <> ''
      GROUP BY policy, total_schema, total_table) AS t
JOIN (SELECT policy, total_schema, total_table, count(*) AS runs, count(*) FILTER (WHERE NOT complete) AS runs_not_complete,
             max(run_ended) FILTER (WHERE complete) AS complete_time
      FROM by_run
      GROUP BY policy, total_schema, total_table) AS b USING (policy, total_schema, total_table)
ORDER BY t.policy, t.total_schema, t.total_table
