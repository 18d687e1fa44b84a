SELECT schema_name, index_name, rebuilt FROM caretaker.index_rebuild WHERE target = ? AND rebuilt > ?
