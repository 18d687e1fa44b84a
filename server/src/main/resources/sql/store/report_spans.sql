-- A step is of the period in which it ended or, as long as it has not, began. Parts of routines count through their runs.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until),
done AS (
    SELECT s.*, coalesce(s.ended, s.started) AS at, r.outcome AS run_outcome, r.ended AS run_ended, p.since
    FROM caretaker.run r
    JOIN caretaker.run_step s ON s.run_id = r.run_id, p
    WHERE r.kind <> 'ROUTINE' AND r.target = p.target AND r.created < p.until AND (r.ended IS NULL OR r.ended >= p.since)
      AND coalesce(s.ended, s.started) >= p.since AND coalesce(s.ended, s.started) < p.until)
SELECT CAST(floor(extract(epoch FROM at - since) / CAST(? AS bigint)) AS int) AS span,
       sum(CAST(totals ->> 'rowsDeleted' AS bigint)) AS rows_deleted,
       sum(CAST(totals ->> 'bytesReturned' AS bigint)) AS bytes_returned
FROM done
GROUP BY 1
ORDER BY 1
