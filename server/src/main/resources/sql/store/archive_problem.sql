UPDATE caretaker.archive SET problem = ? WHERE archive_id = ? AND state = 'SEALED' AND problem <> ?
