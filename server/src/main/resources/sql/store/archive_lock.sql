-- Whoever opened it last, and nobody else, may go on with it.
SELECT * FROM caretaker.archive WHERE archive_id = ? AND opener = ? AND state = 'OPEN' FOR UPDATE
