INSERT INTO caretaker.server (server_id, seen) VALUES (?, now()) ON CONFLICT (server_id) DO UPDATE SET seen = now()
