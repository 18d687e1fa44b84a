-- A table to be cut into days, with two indexes and a TOAST table.
CREATE TABLE workflow_events (
    run_id bigint NOT NULL,
    type int NOT NULL,
    ts timestamptz NOT NULL,
    payload text
) PARTITION BY RANGE (ts);
CREATE INDEX workflow_events_run ON workflow_events (run_id, ts);
CREATE INDEX workflow_events_type ON workflow_events (type);
