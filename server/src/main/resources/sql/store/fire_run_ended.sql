UPDATE caretaker.fire
   SET run_outcome = ?, retry_at = ?, reason = ?, message = ?
 WHERE schedule = ? AND target = ? AND nominal = ? AND run_id = ?
