-- Plain tables that become partitioned.

CREATE TABLE caretaker.conversion (
    conversion_id uuid        PRIMARY KEY,
    target        text        NOT NULL,
    schema_name   text        NOT NULL,
    table_name    text        NOT NULL,
    -- the plan: every statement of both ways
    content       jsonb       NOT NULL,
    etag          text        NOT NULL,
    state         text        NOT NULL,
    -- whether the cut-over was asked for
    requested     boolean     NOT NULL,
    run_id        uuid,
    created       timestamptz NOT NULL,
    expires       timestamptz NOT NULL
);

CREATE INDEX conversion_listed ON caretaker.conversion (created DESC, conversion_id DESC);
