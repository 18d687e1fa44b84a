DELETE FROM caretaker.table_sample WHERE taken < ?
