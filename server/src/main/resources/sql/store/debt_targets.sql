-- Targets at which something is due.
SELECT DISTINCT d.target
  FROM caretaker.debt d
 WHERE d.settled IS NULL AND d.next_try <= ?
   AND NOT EXISTS (SELECT FROM caretaker.run r WHERE r.run_id = d.run_id AND r.ended IS NULL)
