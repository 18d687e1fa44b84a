DELETE FROM caretaker.schedule_line WHERE schedule = ? AND NOT target = ANY (CAST(? AS text[]))
