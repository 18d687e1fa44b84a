-- What made a run wait between batches.
SELECT body ->> 'signal' AS signal, count(*) AS times,
       CAST(extract(epoch FROM sum(CAST(body ->> 'pause' AS interval))) * 1000 AS bigint) AS millis,
       max(CAST(body ->> 'value' AS double precision)) AS highest,
       (array_agg(CAST(body ->> 'threshold' AS double precision)
                  ORDER BY CAST(body ->> 'value' AS double precision) DESC, sequence))[1] AS threshold
FROM caretaker.run_event
WHERE run_id = ? AND NOT progress AND body ->> 'type' = 'throttled'
GROUP BY 1
ORDER BY 3 DESC, 1
