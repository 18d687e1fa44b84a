-- A decision of a caller, taken while the row is locked.
UPDATE caretaker.run
   SET desired = ?, request = ?, state = ?, state_reason = ?, state_since = ?, tuning = ?, last_sequence = ?
 WHERE run_id = ?
