-- The schedule, or its line at some targets, is gone.
UPDATE caretaker.fire
   SET outcome = CASE outcome WHEN 'WAITING' THEN 'REFUSED' ELSE outcome END,
       reason = CASE outcome WHEN 'WAITING' THEN 'SCHEDULE_NOT_FOUND' ELSE reason END,
       message = CASE outcome WHEN 'WAITING' THEN 'The schedule was deleted before it could start.' ELSE message END,
       decided = clock_timestamp(),
       retry_at = NULL
 WHERE schedule = ? AND retry_at IS NOT NULL AND NOT target = ANY (CAST(? AS text[]))
RETURNING attempts
