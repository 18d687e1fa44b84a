UPDATE caretaker.target_contact SET lost = NULL, reason = '' WHERE target = ? AND lost IS NOT NULL
