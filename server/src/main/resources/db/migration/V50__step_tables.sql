-- The table in whose totals a step is counted: what its policy names, of which its relation may be a partition.

ALTER TABLE caretaker.run_step ADD COLUMN total_schema text, ADD COLUMN total_table text;
UPDATE caretaker.run_step SET total_schema = schema_name, total_table = table_name;
ALTER TABLE caretaker.run_step ALTER COLUMN total_schema SET NOT NULL, ALTER COLUMN total_table SET NOT NULL;
