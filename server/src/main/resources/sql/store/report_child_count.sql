SELECT count(*) AS number FROM caretaker.run WHERE parent_run_id = ?
