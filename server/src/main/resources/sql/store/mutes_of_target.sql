SELECT * FROM caretaker.finding_mute WHERE target = ?
