INSERT INTO caretaker.run_step (run_id, ordinal, kind, schema_name, table_name, policy, rows_expected, parameters, totals)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
