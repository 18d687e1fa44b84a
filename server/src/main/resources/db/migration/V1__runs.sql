-- Runs, their steps, their events, and the table of db-scheduler. Flyway makes the schema: it is its default schema.

CREATE TABLE caretaker.run (
    run_id        uuid        PRIMARY KEY,
    kind          text        NOT NULL,
    target        text        NOT NULL,
    state         text        NOT NULL,
    state_reason  text        NOT NULL DEFAULT '',
    -- when it entered this state: backoff of waiting runs grows with the time waited
    state_since   timestamptz NOT NULL,
    desired       text        NOT NULL,
    -- who asked for it last, why and when
    request       jsonb,
    outcome       text,
    plan_id       uuid,
    parent_run_id uuid        REFERENCES caretaker.run,
    created_by    jsonb       NOT NULL,
    created       timestamptz NOT NULL,
    started       timestamptz,
    ended         timestamptz,
    -- of its time: what is left while it does not count, or the instant at which it is up while it does
    time_left_ms  bigint,
    deadline      timestamptz,
    run_window    jsonb,
    -- most rows by policy
    row_limits    jsonb       NOT NULL,
    tuning        jsonb       NOT NULL,
    error         jsonb,
    -- the lease: whoever writes must carry the epoch
    server        text        NOT NULL DEFAULT '',
    epoch         bigint      NOT NULL DEFAULT 0,
    last_sequence bigint      NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

CREATE INDEX run_created ON caretaker.run (created DESC, run_id DESC);
CREATE INDEX run_parent ON caretaker.run (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX run_not_ended ON caretaker.run (run_id) WHERE ended IS NULL;

CREATE TABLE caretaker.run_step (
    run_id        uuid    NOT NULL REFERENCES caretaker.run ON DELETE CASCADE,
    ordinal       int     NOT NULL,
    kind          text    NOT NULL,
    schema_name   text    NOT NULL,
    table_name    text    NOT NULL,
    policy        text    NOT NULL,
    rows_expected bigint  NOT NULL,
    parameters    jsonb   NOT NULL,
    outcome       text,
    message       text    NOT NULL DEFAULT '',
    error         jsonb,
    started       timestamptz,
    ended         timestamptz,
    -- cluster and timeline of the target that it worked on: after a failover its commits may be gone
    lineage       text,
    epoch         bigint  NOT NULL DEFAULT 0,
    -- number of the journal entry: a write that was delayed on its way must not undo a later one
    entry         bigint  NOT NULL DEFAULT 0,
    -- settled: where to go on from, and what is known to have happened
    position      jsonb,
    batch_size    bigint,
    fraction      double precision NOT NULL DEFAULT 0,
    totals        jsonb   NOT NULL,
    -- the batch or statement that may or may not have happened: only the engine can tell
    pending       jsonb,
    PRIMARY KEY (run_id, ordinal)
) WITH (fillfactor = 50);

CREATE TABLE caretaker.run_event (
    run_id   uuid        NOT NULL REFERENCES caretaker.run ON DELETE CASCADE,
    sequence bigint      NOT NULL,
    at       timestamptz NOT NULL,
    -- progress is kept for a shorter time than what else happened
    progress boolean     NOT NULL,
    body     jsonb       NOT NULL,
    PRIMARY KEY (run_id, sequence)
);

CREATE INDEX run_event_progress ON caretaker.run_event (at) WHERE progress;

-- Servers that share this control store, by their signs of life.
CREATE TABLE caretaker.server (
    server_id uuid        PRIMARY KEY,
    seen      timestamptz NOT NULL
);

-- As db-scheduler wants it.
CREATE TABLE caretaker.scheduled_task (
    task_name            text        NOT NULL,
    task_instance        text        NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean     NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_task_execution_time ON caretaker.scheduled_task (execution_time);
CREATE INDEX scheduled_task_last_heartbeat ON caretaker.scheduled_task (last_heartbeat);
