UPDATE caretaker.run_step
   SET outcome = ?, message = ?, error = ?, ended = ?, totals = ?, pending = NULL, entry = ?
 WHERE run_id = ? AND ordinal = ? AND epoch = ? AND entry < ?
