-- Ends a run that nobody can work on; the new epoch shuts out one that is about to.
UPDATE caretaker.run
   SET epoch = epoch + 1, state = 'ENDED', state_reason = ?, state_since = ?, outcome = 'FAILED', error = ?, ended = ?,
       server = '', last_sequence = last_sequence + 1
 WHERE run_id = ? AND ended IS NULL
RETURNING last_sequence, kind, target
