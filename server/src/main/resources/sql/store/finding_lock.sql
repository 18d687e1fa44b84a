-- Two detections of one target tell what is new one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('caretaker.finding ' || ?, 0))
