SELECT *, told < clock_timestamp() - ? * interval '1 millisecond' AS again FROM caretaker.condition WHERE event = ?
