SELECT * FROM caretaker.channel_stop ORDER BY channel
