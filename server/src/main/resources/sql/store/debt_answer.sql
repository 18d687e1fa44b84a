-- What came of an attempt, unless a later one has begun.
UPDATE caretaker.debt
   SET answer = ?, next_try = ?, settled = ?
 WHERE debt_id = ? AND attempts = ? AND settled IS NULL
