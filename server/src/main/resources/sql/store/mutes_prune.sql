DELETE FROM caretaker.finding_mute WHERE expires < ?
