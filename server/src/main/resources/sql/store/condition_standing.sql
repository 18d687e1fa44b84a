SELECT summary FROM caretaker.condition WHERE target = coalesce(?, target) ORDER BY since, topic
