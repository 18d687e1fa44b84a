INSERT INTO caretaker.channel_stop (channel, stopped, reason, receiver) VALUES (?, clock_timestamp(), ?, ?)
ON CONFLICT (channel) DO NOTHING
