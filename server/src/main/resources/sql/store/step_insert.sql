INSERT INTO caretaker.run_step (run_id, ordinal, kind, schema_name, table_name, total_schema, total_table, policy,
                                rows_expected, parameters, totals)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
