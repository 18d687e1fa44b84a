-- Has what is open at a target tried soon.
UPDATE caretaker.debt SET next_try = ? WHERE target = ? AND settled IS NULL AND next_try > ?
