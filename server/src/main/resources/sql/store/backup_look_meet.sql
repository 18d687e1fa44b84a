INSERT INTO caretaker.backup_look (target, tool, name, due)
VALUES (?, ?, ?, clock_timestamp())
ON CONFLICT (target, tool, name) DO NOTHING
