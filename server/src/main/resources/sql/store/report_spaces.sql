-- A step is of the period in which it ended or, as long as it has not, began. Parts of routines count through their runs.
WITH p AS (SELECT CAST(? AS text) AS target, CAST(? AS timestamptz) AS since, CAST(? AS timestamptz) AS until),
done AS (
    SELECT s.*, coalesce(s.ended, s.started) AS at, r.outcome AS run_outcome, r.ended AS run_ended, p.since
    FROM caretaker.run r
    JOIN caretaker.run_step s ON s.run_id = r.run_id, p
    WHERE r.kind <> 'ROUTINE' AND r.target = p.target AND r.created < p.until AND (r.ended IS NULL OR r.ended >= p.since)
      AND coalesce(s.ended, s.started) >= p.since AND coalesce(s.ended, s.started) < p.until),
measured AS (
    SELECT run_id, ordinal, schema_name, table_name, kind, at,
           CAST(totals -> 'space' ->> 'bytesBefore' AS bigint) AS bytes_before,
           CAST(totals -> 'space' ->> 'bytesAfter' AS bigint) AS bytes_after,
           CAST(totals -> 'space' ->> 'deadBefore' AS bigint) AS dead_before,
           CAST(totals -> 'space' ->> 'deadAfter' AS bigint) AS dead_after,
           CAST(totals ->> 'bytesReturned' AS bigint) AS bytes_returned
    FROM done
    WHERE CAST(totals -> 'space' ->> 'bytesBefore' AS bigint) > 0)
SELECT *, count(*) OVER () AS number
FROM (SELECT schema_name, table_name, kind, count(*) AS times,
             (array_agg(bytes_before ORDER BY at, run_id, ordinal))[1] AS bytes_before,
             (array_agg(bytes_after ORDER BY at DESC, run_id, ordinal))[1] AS bytes_after,
             sum(bytes_returned) AS bytes_returned,
             (array_agg(dead_before ORDER BY at, run_id, ordinal))[1] AS dead_before,
             (array_agg(dead_after ORDER BY at DESC, run_id, ordinal))[1] AS dead_after
      FROM measured
      GROUP BY schema_name, table_name, kind) AS by_relation
ORDER BY bytes_returned DESC, dead_before - dead_after DESC, schema_name, table_name, kind
LIMIT ?
