UPDATE caretaker.finding SET last_seen = ? WHERE target = ? AND finding_id = ANY (CAST(? AS text[]))
