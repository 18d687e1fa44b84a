-- One journal entry: what is settled, what is pending, and back come the signals that steer the run. No row comes back
-- if another server has taken over.
UPDATE caretaker.run_step s
   SET position = ?, batch_size = ?, fraction = ?, totals = ?, pending = ?, entry = ?
  FROM caretaker.run r
 WHERE s.run_id = ? AND s.ordinal = ? AND s.epoch = ? AND s.entry < ?
   AND r.run_id = s.run_id
RETURNING r.epoch, r.desired, r.request, r.tuning
