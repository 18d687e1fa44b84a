DELETE FROM caretaker.server WHERE server_id = ? OR seen < now() - interval '1 hour'
