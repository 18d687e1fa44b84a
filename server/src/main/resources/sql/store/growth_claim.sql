-- Targets of which a sample is due: that of the day, or one after a routine that has ended. The jitter of the day is the
-- target's own, so that not all are looked at right after midnight.
WITH wanted AS (
    SELECT c.target, c.due <= clock_timestamp() AS daily
      FROM caretaker.growth_clock c
     WHERE c.target = ANY (CAST(? AS text[]))
       AND (c.leased_until IS NULL OR c.leased_until < clock_timestamp())
       AND (c.due <= clock_timestamp()
            OR (c.failing IS NULL
                AND EXISTS (SELECT FROM caretaker.run r
                             WHERE r.target = c.target
                               AND r.kind = 'ROUTINE'
                               AND r.ended > c.routine_seen)))
     ORDER BY c.due
     LIMIT ?
       FOR UPDATE SKIP LOCKED
)
UPDATE caretaker.growth_clock c
   SET lease = CAST(? AS uuid), leased_until = clock_timestamp() + ? * interval '1 millisecond'
  FROM wanted w
 WHERE c.target = w.target
RETURNING c.target, w.daily, clock_timestamp() AS now
