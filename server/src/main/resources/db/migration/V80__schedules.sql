-- When work starts by itself, what became of every time it was due, and what is frozen.

-- Days on which schedules do not fire.
CREATE TABLE caretaker.calendar (
    name       text        PRIMARY KEY,
    content    jsonb       NOT NULL,
    updated    timestamptz NOT NULL,
    updated_by jsonb       NOT NULL
);

CREATE TABLE caretaker.schedule (
    name       text        PRIMARY KEY,
    content    jsonb       NOT NULL,
    -- hash of the content
    etag       text        NOT NULL,
    updated    timestamptz NOT NULL,
    updated_by jsonb       NOT NULL,
    -- who paused it, why, from when and until when
    pause      jsonb
);

-- A schedule at one target: one of all targets has a line for each.
CREATE TABLE caretaker.schedule_line (
    schedule   text        NOT NULL REFERENCES caretaker.schedule ON DELETE CASCADE,
    target     text        NOT NULL,
    created    timestamptz NOT NULL,
    -- all nominal times up to here have their rows
    settled    timestamptz NOT NULL,
    -- when it is to be looked at; NULL: it is never due again
    due        timestamptz,
    -- run that it started and whose end has not been noted
    run_id     uuid,
    -- failed runs since the last that did not fail
    failures   int         NOT NULL DEFAULT 0,
    -- after too many failures
    pause      jsonb,
    succeeded  timestamptz,
    -- server that looks at it
    claimed_by uuid,
    PRIMARY KEY (schedule, target)
) WITH (fillfactor = 70);

CREATE INDEX schedule_line_due ON caretaker.schedule_line (due);
CREATE INDEX schedule_line_run ON caretaker.schedule_line (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX schedule_line_target ON caretaker.schedule_line (target);

-- Outlives its schedule.
CREATE TABLE caretaker.fire (
    schedule     text        NOT NULL,
    target       text        NOT NULL,
    nominal      timestamptz NOT NULL,
    outcome      text        NOT NULL,
    reason       text        NOT NULL,
    message      text        NOT NULL,
    -- nominal times that this row stands for, and the last of them
    times        bigint      NOT NULL,
    last_nominal timestamptz NOT NULL,
    decided      timestamptz NOT NULL,
    -- when it is tried again; whoever writes must find it set
    retry_at     timestamptz,
    attempts     int         NOT NULL,
    run_id       uuid,
    earlier_runs uuid[]      NOT NULL,
    plan_id      uuid,
    run_outcome  text,
    -- who asked for it out of turn
    trigger      jsonb,
    PRIMARY KEY (schedule, target, nominal)
) WITH (fillfactor = 80);

CREATE INDEX fire_nominal ON caretaker.fire (nominal DESC, schedule DESC, target DESC);
CREATE INDEX fire_open ON caretaker.fire (schedule, target) WHERE retry_at IS NOT NULL;

CREATE TABLE caretaker.hold (
    hold_id       uuid        PRIMARY KEY,
    -- NULL: all targets
    target        text,
    -- NULL: all kinds of work but the creation of partitions
    kinds         text[],
    reason        text        NOT NULL,
    set_by        jsonb       NOT NULL,
    since         timestamptz NOT NULL,
    -- NULL: until somebody releases it
    until         timestamptz,
    pause_running boolean     NOT NULL,
    -- runs that it paused and that go on when it ends
    paused_runs   uuid[]      NOT NULL DEFAULT '{}',
    released      timestamptz,
    released_by   jsonb,
    -- when its runs went on; NULL while it is in force
    ended         timestamptz
);

CREATE INDEX hold_in_force ON caretaker.hold (since) WHERE ended IS NULL;
CREATE INDEX hold_listed ON caretaker.hold (since DESC, hold_id DESC);
