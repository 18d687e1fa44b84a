-- Mutes that have expired, with findings that are gone.
WITH age AS MATERIALIZED (
    SELECT clock_timestamp() - ? * interval '1 millisecond' AS past
), mutes AS (
    DELETE FROM caretaker.finding_mute
     WHERE ctid = ANY (ARRAY(SELECT m.ctid FROM caretaker.finding_mute m, age WHERE m.expires < age.past
                              LIMIT 2000 FOR UPDATE OF m SKIP LOCKED))
)
DELETE FROM caretaker.finding
 WHERE ctid = ANY (ARRAY(SELECT f.ctid FROM caretaker.finding f, age WHERE f.gone < age.past
                          LIMIT 2000 FOR UPDATE OF f SKIP LOCKED))
