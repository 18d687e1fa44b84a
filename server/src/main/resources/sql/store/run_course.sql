-- How a run went, by the progress that is kept of it: in spans of the same length, as many as the last parameter says. Of a run
-- with very many events those that stand last in five thousand stretches of them tell enough, and only these are read; what steps did
-- that have ended meanwhile is known besides. What a step did counts from what it had told before.
WITH stretch AS (
    SELECT run.run_id, span, first
      FROM caretaker.run,
           LATERAL (SELECT GREATEST(1, (last_sequence + 4999) / 5000) AS span) AS length,
           LATERAL generate_series(1, last_sequence, span) AS first
     WHERE run.run_id = ?
), told AS (
    SELECT sequence, at,
           CAST(body ->> 'step' AS int) AS step,
           CAST(body ->> 'runRowsDone' AS bigint) AS run_rows,
           CAST(body ->> 'rowsDone' AS bigint) AS rows_done,
           CAST(body ->> 'bytesDone' AS bigint) AS bytes_done,
           extract(epoch FROM CAST(body ->> 'batchDuration' AS interval)) * 1000000 AS micros
      FROM stretch,
           LATERAL (SELECT e.sequence, e.at, e.body
                      FROM caretaker.run_event e
                     WHERE e.run_id = stretch.run_id AND e.sequence >= first AND e.sequence < first + span AND e.progress
                     ORDER BY e.sequence DESC
                     LIMIT 1) event
), known AS (
    SELECT sequence, at, step, run_rows, rows_done, bytes_done, micros, micros = 0 AS of_statement FROM told
    UNION ALL
    SELECT NULL, s.ended, s.ordinal, NULL, CAST(s.totals ->> 'rowsDeleted' AS bigint), CAST(s.totals ->> 'bytesDeleted' AS bigint),
           NULL, false
      FROM caretaker.run_step s
     WHERE s.run_id IN (SELECT run_id FROM stretch WHERE span > 1) AND s.ended IS NOT NULL
), more AS (
    SELECT sequence, at, run_rows, micros, of_statement,
           rows_done - COALESCE(lag(rows_done) OVER w, 0) AS rows_more,
           GREATEST(0, bytes_done - COALESCE(lag(bytes_done) OVER w, 0)) AS bytes_more
      FROM known
    WINDOW w AS (PARTITION BY step, of_statement ORDER BY at, sequence)
), so_far AS (
    SELECT at, micros,
           GREATEST(max(run_rows) OVER w, sum(rows_more) OVER w) AS rows_done,
           COALESCE(sum(bytes_more) FILTER (WHERE NOT of_statement) OVER w, 0) AS bytes_done,
           COALESCE(sum(bytes_more) FILTER (WHERE of_statement) OVER w, 0) AS bytes_processed
      FROM more
    WINDOW w AS (ORDER BY at, sequence)
), bounds AS (
    SELECT min(at) AS first, GREATEST(max(at), min(at) + interval '1 second') AS last FROM so_far
)
SELECT max(at) AS at,
       CAST(max(rows_done) AS bigint) AS rows_done,
       CAST(max(bytes_done) AS bigint) AS bytes_done,
       CAST(max(bytes_processed) AS bigint) AS bytes_processed,
       CAST(COALESCE(max(micros), 0) AS bigint) AS micros
  FROM so_far, bounds
 GROUP BY LEAST(CAST(? AS int) - 1,
                floor(extract(epoch FROM at - first) / extract(epoch FROM last - first) * CAST(? AS int)))
 ORDER BY 1
