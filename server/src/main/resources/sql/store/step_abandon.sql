UPDATE caretaker.run_step
   SET epoch = epoch + 1, outcome = ?, message = ?, ended = ?
 WHERE run_id = ? AND ordinal = ?
