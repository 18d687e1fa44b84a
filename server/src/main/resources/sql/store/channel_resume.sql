DELETE FROM caretaker.channel_stop WHERE channel = ?
