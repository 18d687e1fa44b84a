UPDATE caretaker.target_contact SET lost = coalesce(lost, clock_timestamp()), reason = ? WHERE target = ?
