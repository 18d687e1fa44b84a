WITH numbered AS (
    UPDATE caretaker.run SET last_sequence = last_sequence + 1
     WHERE run_id = ? AND epoch = ? AND ended IS NULL
    RETURNING run_id, last_sequence
)
INSERT INTO caretaker.run_event (run_id, sequence, at, progress, body)
SELECT run_id, last_sequence, ?, ?, ? FROM numbered
