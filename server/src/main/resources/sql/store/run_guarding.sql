-- Runs that have a constraint on a default partition, which refuses rows until they go on: that of an adoption, or a guard. Also
-- those that have ended without taking it away, however long ago that was and whether they are remembered or not. A conversion's
-- constraint refuses none that are to come.
SELECT d.run_id, d.target, r.run_id IS NOT NULL AND r.ended IS NULL AS goes_on
  FROM caretaker.debt d
  LEFT JOIN caretaker.run r ON r.run_id = d.run_id
 WHERE d.settled IS NULL
   AND d.kind = 'partition-check'
   AND d.object_name ~ ' caretaker_(adoption|guard)$'
   AND (r.run_id IS NULL OR r.ended IS NOT NULL OR r.state NOT IN ('PAUSED', 'WAITING_WINDOW'))
 ORDER BY d.incurred
