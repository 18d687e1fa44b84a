INSERT INTO caretaker.table_sample (target, taken, tables) VALUES (?, ?, ?) ON CONFLICT (target, taken) DO NOTHING
