-- Of some archives, those that are not at their destination yet.
SELECT archive_id FROM caretaker.archive WHERE archive_id = ANY (CAST(? AS uuid[])) AND state IN ('OPEN', 'SEALED')
