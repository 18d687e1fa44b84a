DELETE FROM caretaker.measurement WHERE taken < ?
