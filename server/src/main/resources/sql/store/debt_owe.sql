-- Writes down what a step is about to make; the same again replaces it. Touches nothing if another server has taken over.
INSERT INTO caretaker.debt (debt_id, kind, target, run_id, step, schema_name, object_name, table_schema, table_name,
                            fenced_oid, message, details, incurred, next_try)
SELECT ?, ?, r.target, r.run_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
  FROM caretaker.run r
 WHERE r.run_id = ? AND r.epoch = ?
    ON CONFLICT (run_id, step, kind, schema_name, object_name) DO UPDATE
   SET table_schema = excluded.table_schema, table_name = excluded.table_name, fenced_oid = excluded.fenced_oid,
       message = excluded.message, details = excluded.details
