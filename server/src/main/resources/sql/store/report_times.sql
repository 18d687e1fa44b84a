-- Where the time of a run went, by state, until it ended or until an instant.
WITH changes AS (
    SELECT 0 AS sequence, created AS at, 'QUEUED' AS state, '' AS reason FROM caretaker.run WHERE run_id = ?
    UNION ALL
    SELECT sequence, at, body ->> 'to', coalesce(body ->> 'reason', '')
    FROM caretaker.run_event
    WHERE run_id = ? AND NOT progress AND body ->> 'type' = 'state-changed'
), stays AS (
    SELECT state, reason, sequence,
           greatest(coalesce(lead(at) OVER (ORDER BY sequence), CAST(? AS timestamptz)) - at, interval '0') AS time
    FROM changes
)
SELECT state, count(*) AS times, CAST(extract(epoch FROM sum(time)) * 1000 AS bigint) AS millis,
       (array_agg(reason ORDER BY time DESC, sequence))[1] AS reason
FROM stays
WHERE state <> 'ENDED'
GROUP BY state
ORDER BY sum(time) DESC, state
