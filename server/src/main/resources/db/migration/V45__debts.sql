-- What steps make at targets that must not stay: written before it is made, deleted by the step when it is gone. What a run
-- could not remove itself is settled by any server once the run has ended, and kept as settled for as long as runs are.
-- Without a link to the run: runs are pruned, and debts must not be.
CREATE TABLE caretaker.debt (
    debt_id      uuid        PRIMARY KEY,
    kind         text        NOT NULL,
    target       text        NOT NULL,
    run_id       uuid        NOT NULL,
    step         int         NOT NULL,
    -- what must not stay, and the table it concerns
    schema_name  text        NOT NULL,
    object_name  text        NOT NULL,
    table_schema text        NOT NULL,
    table_name   text        NOT NULL,
    -- relation by which the work on it is fenced
    fenced_oid   bigint      NOT NULL,
    message      text        NOT NULL,
    details      jsonb       NOT NULL,
    incurred     timestamptz NOT NULL,
    -- how often it was tried to settle it, when the next time is due, and what came of the latest
    attempts     bigint      NOT NULL DEFAULT 0,
    next_try     timestamptz NOT NULL,
    answer       text        NOT NULL DEFAULT '',
    settled      timestamptz,
    UNIQUE (run_id, step, kind, schema_name, object_name)
);

CREATE INDEX debt_open ON caretaker.debt (target, next_try) WHERE settled IS NULL;
