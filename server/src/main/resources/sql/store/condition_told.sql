UPDATE caretaker.condition SET told = clock_timestamp() WHERE event = ? AND topic = ?
