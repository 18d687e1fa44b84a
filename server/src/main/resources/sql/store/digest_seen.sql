UPDATE caretaker.digest SET seen = clock_timestamp()
 WHERE rule = ? AND channel = ? AND seen < clock_timestamp() - interval '1 minute'
