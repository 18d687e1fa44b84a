SELECT epoch, desired, request, tuning FROM caretaker.run WHERE run_id = ?
