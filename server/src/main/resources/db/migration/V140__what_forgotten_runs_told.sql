-- When policies and routines last ended well, of runs that are forgotten.
CREATE TABLE caretaker.past_success (
    -- 'policy' or 'routine'
    what   text        NOT NULL,
    target text        NOT NULL,
    name   text        NOT NULL,
    at     timestamptz NOT NULL,
    -- when that work was planned or begun
    since  timestamptz NOT NULL,
    PRIMARY KEY (what, target, name)
);

-- Rows that forgotten cleanups removed, as far as they tell what a policy usually removes.
CREATE TABLE caretaker.past_cleanup (
    target  text        NOT NULL,
    policy  text        NOT NULL,
    run_id  uuid        NOT NULL,
    created timestamptz NOT NULL,
    rows    bigint      NOT NULL,
    PRIMARY KEY (target, policy, run_id),
    FOREIGN KEY (target, policy) REFERENCES caretaker.policy (target, name) ON DELETE CASCADE
);
