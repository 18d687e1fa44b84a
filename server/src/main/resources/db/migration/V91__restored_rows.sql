-- Rows that were brought back stay for a while: as long as one of these is in force, no policy and no partition set takes rows of
-- the table that are as old as the oldest of them, or newer.

CREATE TABLE caretaker.restored_rows (
    run_id      uuid        NOT NULL,
    target      text        NOT NULL,
    -- the table they were loaded into, and each partitioned table above it
    schema_name text        NOT NULL,
    table_name  text        NOT NULL,
    archive_id  uuid        NOT NULL,
    -- NULL: nobody knows how old they are, so all rows stay
    from_time   timestamptz,
    held_until  timestamptz NOT NULL,
    PRIMARY KEY (run_id, schema_name, table_name)
);

CREATE INDEX restored_rows_target ON caretaker.restored_rows (target, held_until);
