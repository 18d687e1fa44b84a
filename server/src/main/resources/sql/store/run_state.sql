WITH moved AS (
    UPDATE caretaker.run
       SET state = ?, state_reason = ?, state_since = ?, server = ?, started = COALESCE(started, ?),
           last_sequence = last_sequence + 1
     WHERE run_id = ? AND epoch = ? AND ended IS NULL
    RETURNING run_id, last_sequence
)
INSERT INTO caretaker.run_event (run_id, sequence, at, progress, body)
SELECT run_id, last_sequence, ?, false, ? FROM moved
