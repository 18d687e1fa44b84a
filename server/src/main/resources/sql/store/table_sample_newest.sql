SELECT max(taken) AS taken FROM caretaker.table_sample WHERE target = ?
