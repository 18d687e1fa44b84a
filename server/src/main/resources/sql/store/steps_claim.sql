-- Waits for a journal entry that is being written; from here on the epoch before can write no more.
UPDATE caretaker.run_step SET epoch = ? WHERE run_id = ?
