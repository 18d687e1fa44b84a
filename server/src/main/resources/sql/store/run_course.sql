-- How a run went, by the progress that is kept of it: in spans of the same length, as many as the last parameter says. Of a run
-- with very many events five thousand tell enough, and only these are read. What a step did counts from what it had told before.
WITH told AS (
    SELECT sequence, at,
           CAST(body ->> 'step' AS int) AS step,
           CAST(body ->> 'runRowsDone' AS bigint) AS run_rows,
           CAST(body ->> 'rowsDone' AS bigint) AS rows_done,
           CAST(body ->> 'bytesDone' AS bigint) AS bytes_done,
           extract(epoch FROM CAST(body ->> 'batchDuration' AS interval)) * 1000000 AS micros
      FROM caretaker.run,
           generate_series(1, last_sequence, GREATEST(1, last_sequence / 5000)) AS wanted,
           LATERAL (SELECT * FROM caretaker.run_event e
                     WHERE e.run_id = run.run_id AND e.sequence = wanted AND e.progress) event
     WHERE run.run_id = ?
), more AS (
    SELECT sequence, at, run_rows, micros,
           rows_done - COALESCE(lag(rows_done) OVER w, 0) AS rows_more,
           GREATEST(0, bytes_done - COALESCE(lag(bytes_done) OVER w, 0)) AS bytes_more
      FROM told
    WINDOW w AS (PARTITION BY step, micros = 0 ORDER BY sequence)
), so_far AS (
    SELECT at, micros,
           GREATEST(run_rows, sum(rows_more) OVER w) AS rows_done,
           COALESCE(sum(bytes_more) FILTER (WHERE micros > 0) OVER w, 0) AS bytes_done,
           COALESCE(sum(bytes_more) FILTER (WHERE micros = 0) OVER w, 0) AS bytes_processed
      FROM more
    WINDOW w AS (ORDER BY sequence)
), bounds AS (
    SELECT min(at) AS first, GREATEST(max(at), min(at) + interval '1 second') AS last FROM so_far
)
SELECT max(at) AS at,
       CAST(max(rows_done) AS bigint) AS rows_done,
       CAST(max(bytes_done) AS bigint) AS bytes_done,
       CAST(max(bytes_processed) AS bigint) AS bytes_processed,
       CAST(max(micros) AS bigint) AS micros
  FROM so_far, bounds
 GROUP BY LEAST(CAST(? AS int) - 1,
                floor(extract(epoch FROM at - first) / extract(epoch FROM last - first) * CAST(? AS int)))
 ORDER BY 1
