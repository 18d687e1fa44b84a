DELETE FROM caretaker.condition WHERE event = ? AND topic = ?
