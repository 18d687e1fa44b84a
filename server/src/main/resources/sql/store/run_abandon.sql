-- Ends a run on which no server works; the new epoch shuts out one that was just about to.
UPDATE caretaker.run
   SET epoch = epoch + 1, state = 'ENDED', state_reason = ?, state_since = ?, outcome = ?, error = ?, ended = ?,
       server = '', last_sequence = ?
 WHERE run_id = ?
