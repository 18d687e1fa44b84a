DELETE FROM caretaker.restored_rows WHERE held_until < ?
