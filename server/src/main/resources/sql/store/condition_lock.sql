-- One server at a time says what goes on.
SELECT pg_try_advisory_xact_lock(hashtext('caretaker.condition')) AS locked
