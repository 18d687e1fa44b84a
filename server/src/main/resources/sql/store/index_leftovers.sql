SELECT index_oid FROM caretaker.index_leftover WHERE target = ? AND table_oid = ?
