SELECT run_id FROM caretaker.run WHERE parent_run_id = ? AND ended IS NULL AND desired <> 'CANCELLED'
