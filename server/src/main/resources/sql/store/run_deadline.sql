-- Time begins to count, or stands still.
UPDATE caretaker.run SET time_left_ms = ?, deadline = ? WHERE run_id = ? AND epoch = ?
