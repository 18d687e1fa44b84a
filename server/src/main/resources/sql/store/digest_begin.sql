INSERT INTO caretaker.digest (rule, channel, upto) VALUES (?, ?, clock_timestamp()) ON CONFLICT DO NOTHING
