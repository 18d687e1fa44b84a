SELECT * FROM caretaker.finding_mute WHERE target = ? AND finding_id = ?
