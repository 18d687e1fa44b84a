-- The next is due within the first hour of the next day.
UPDATE caretaker.growth_clock
   SET due = (date_trunc('day', CAST(? AS timestamptz) AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC'
             + (hashtext(target) & 1023) * interval '3 seconds',
       routine_seen = ?, lease = NULL, leased_until = NULL, failing = NULL, error = ''
 WHERE target = ? AND lease = CAST(? AS uuid)
