UPDATE caretaker.hold SET ended = clock_timestamp() WHERE hold_id = ? AND ended IS NULL
