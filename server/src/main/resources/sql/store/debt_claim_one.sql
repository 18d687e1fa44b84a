-- Takes one debt whether it is due or not, unless a server is trying to settle it, its run has not ended or it is settled.
UPDATE caretaker.debt d
   SET attempts = d.attempts + 1, next_try = ?
 WHERE d.debt_id = ? AND d.attempts = ? AND d.settled IS NULL
   AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.run_id = d.run_id AND r.ended IS NULL)
RETURNING *
