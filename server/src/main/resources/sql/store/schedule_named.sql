SELECT * FROM caretaker.schedule WHERE name = ANY (CAST(? AS text[]))
