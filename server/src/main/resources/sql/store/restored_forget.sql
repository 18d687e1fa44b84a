DELETE FROM caretaker.restored_rows WHERE run_id = ?
