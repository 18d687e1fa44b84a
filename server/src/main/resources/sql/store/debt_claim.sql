-- Takes the oldest debt that is due at a target, so that no other server tries meanwhile. As long as its run has not ended
-- the run itself looks after it.
UPDATE caretaker.debt claimed
   SET attempts = claimed.attempts + 1, next_try = ?
 WHERE claimed.debt_id = (SELECT d.debt_id
                            FROM caretaker.debt d
                           WHERE d.target = ? AND d.settled IS NULL AND d.next_try <= ?
                             AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.run_id = d.run_id AND r.ended IS NULL)
                           ORDER BY d.next_try, d.debt_id
                           LIMIT 1
                             FOR UPDATE SKIP LOCKED)
RETURNING *
