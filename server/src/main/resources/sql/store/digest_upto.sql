UPDATE caretaker.digest SET upto = ? WHERE rule = ? AND channel = ?
