SELECT * FROM caretaker.backup WHERE NOT swept AND state <> 'STORED' ORDER BY created LIMIT ?
