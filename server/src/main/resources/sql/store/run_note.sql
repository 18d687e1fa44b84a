-- The state stays, but who works on it or why may be new.
UPDATE caretaker.run SET server = ?, state_reason = ? WHERE run_id = ? AND epoch = ?
