UPDATE caretaker.hold SET released = clock_timestamp(), released_by = ? WHERE hold_id = ? AND released IS NULL
