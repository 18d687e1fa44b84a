-- Of a step that failed it stays noted what may have been committed at last: who keeps elsewhere what it deleted asks the target.
UPDATE caretaker.run_step s
   SET outcome = ?, message = ?, ended = ?, totals = ?, entry = ?, error = e.error,
       pending = CASE WHEN e.error IS NOT NULL THEN s.pending END
  FROM (SELECT CAST(? AS jsonb) AS error) e
 WHERE s.run_id = ? AND s.ordinal = ? AND s.epoch = ? AND s.entry < ?
