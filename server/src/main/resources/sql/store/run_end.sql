UPDATE caretaker.run
   SET state = 'ENDED', state_reason = ?, state_since = ?, outcome = ?, error = ?, ended = ?, server = ''
 WHERE run_id = ? AND epoch = ? AND ended IS NULL
