-- Retention policies, and the plans made from them.

CREATE TABLE caretaker.policy (
    target     text        NOT NULL,
    -- unique at its target
    name       text        NOT NULL,
    content    jsonb       NOT NULL,
    -- hash of the content
    etag       text        NOT NULL,
    updated    timestamptz NOT NULL,
    updated_by jsonb       NOT NULL,
    PRIMARY KEY (target, name)
);

CREATE INDEX policy_name ON caretaker.policy (name, target);

CREATE TABLE caretaker.plan (
    plan_id uuid        PRIMARY KEY,
    target  text        NOT NULL,
    content jsonb       NOT NULL,
    created timestamptz NOT NULL,
    expires timestamptz NOT NULL,
    -- when the run that executes it was stored: no other may
    claimed timestamptz
);

CREATE INDEX plan_expires ON caretaker.plan (expires);
CREATE INDEX run_plan ON caretaker.run (plan_id) WHERE plan_id IS NOT NULL;
