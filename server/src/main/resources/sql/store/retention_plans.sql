-- Of cleanups and upkeep, as long as no run of them is kept; of conversions, while none has been started.
WITH age AS MATERIALIZED (
    SELECT clock_timestamp() - ? * interval '1 millisecond' AS past
), conversions AS (
    DELETE FROM caretaker.conversion
     WHERE ctid = ANY (ARRAY(SELECT c.ctid FROM caretaker.conversion c, age
                              WHERE c.state = 'PLANNED' AND c.expires < age.past
                              LIMIT 200 FOR UPDATE OF c SKIP LOCKED))
)
DELETE FROM caretaker.plan
 WHERE ctid = ANY (ARRAY(SELECT p.ctid FROM caretaker.plan p, age
                          WHERE p.expires < age.past
                            AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.plan_id = p.plan_id)
                            AND NOT EXISTS (SELECT FROM caretaker.fire f WHERE f.plan_id = p.plan_id AND f.retry_at IS NOT NULL)
                          LIMIT 200 FOR UPDATE OF p SKIP LOCKED))
