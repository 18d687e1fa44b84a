UPDATE caretaker.run SET epoch = epoch + 1, server = ? WHERE run_id = ? AND state <> 'ENDED' RETURNING *
