DELETE FROM caretaker.index_leftover WHERE target = ? AND index_oid = ?
