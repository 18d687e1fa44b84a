UPDATE caretaker.schedule SET pause = ? WHERE name = ?
