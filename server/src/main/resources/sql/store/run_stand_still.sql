-- What is left of its time is kept until it counts again.
UPDATE caretaker.run
   SET time_left_ms = greatest(0, CAST(extract(epoch FROM deadline - ?) * 1000 AS bigint)), deadline = NULL
 WHERE run_id = ? AND deadline IS NOT NULL
