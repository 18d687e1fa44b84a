-- One server at a time asks the rules, so that what is repeated is seen.
SELECT pg_try_advisory_xact_lock(hashtext('caretaker.notification')) AS locked
