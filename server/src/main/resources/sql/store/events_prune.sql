DELETE FROM caretaker.run_event WHERE progress AND at < ?
