-- A run at work that has a constraint on a default partition, which refuses rows until it goes on: that of an adoption, or a
-- guard. A conversion's constraint refuses none that are to come.
SELECT d.run_id
  FROM caretaker.debt d
  JOIN caretaker.run r ON r.run_id = d.run_id
 WHERE d.target = ?
   AND d.settled IS NULL
   AND d.kind = 'partition-check'
   AND d.object_name ~ ' caretaker_(adoption|guard)$'
   AND r.ended IS NULL
   AND r.state NOT IN ('PAUSED', 'WAITING_WINDOW')
 ORDER BY d.incurred
 LIMIT 1
