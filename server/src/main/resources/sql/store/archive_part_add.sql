INSERT INTO caretaker.archive_part (archive_id, part, spool_id, server, file, object, state)
VALUES (?, ?, ?, ?, ?, ?, 'OPEN')
