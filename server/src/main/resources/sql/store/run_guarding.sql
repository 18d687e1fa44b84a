-- Runs that have a constraint on a default partition, which refuses rows until they go on: that of an adoption, or a guard. Also
-- one that ended just now, whose constraint is about to be taken away. A conversion's constraint refuses none that are to come.
SELECT d.run_id, d.target
  FROM caretaker.debt d
  JOIN caretaker.run r ON r.run_id = d.run_id
 WHERE d.settled IS NULL
   AND d.kind = 'partition-check'
   AND d.object_name ~ ' caretaker_(adoption|guard)$'
   AND (r.ended IS NULL AND r.state NOT IN ('PAUSED', 'WAITING_WINDOW')
        OR r.ended > clock_timestamp() - interval '2 minutes')
 ORDER BY d.incurred
