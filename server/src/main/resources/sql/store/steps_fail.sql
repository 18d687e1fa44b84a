-- A batch of which nobody knows whether it was committed leaves a count that is an estimate.
UPDATE caretaker.run_step
   SET epoch = epoch + 1, outcome = 'FAILED', message = ?, ended = ?, error = ?,
       totals = CASE WHEN pending IS NULL THEN totals ELSE jsonb_set(totals, '{rowsExact}', 'false') END
 WHERE run_id = ? AND outcome IS NULL
