-- Nominal times that came to nothing because the run before was still going, since a run was last started; and the first of them.
ALTER TABLE caretaker.schedule_line ADD COLUMN skipped int NOT NULL DEFAULT 0, ADD COLUMN skipped_since timestamptz;
