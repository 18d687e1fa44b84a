-- The target is away: nothing of it needs to be tried before then.
UPDATE caretaker.debt SET next_try = ? WHERE target = ? AND settled IS NULL AND next_try < ?
