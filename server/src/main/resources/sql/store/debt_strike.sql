-- It is gone, says the step that made it. Touches nothing if another server has taken over.
DELETE FROM caretaker.debt d
 USING caretaker.run r
 WHERE d.run_id = ? AND d.step = ? AND d.kind = ? AND d.schema_name = ? AND d.object_name = ?
   AND r.run_id = d.run_id AND r.epoch = ?
