-- How large targets and their tables were, and how many rows policies and statuses had.

-- Of each target and day (UTC) one, and one more after routines: the latest of them.
CREATE TABLE caretaker.growth_sample (
    target  text        NOT NULL,
    day     date        NOT NULL,
    -- DAILY, ROUTINE
    cause   text        NOT NULL,
    taken   timestamptz NOT NULL,
    content jsonb       NOT NULL,
    PRIMARY KEY (target, day, cause)
);

CREATE INDEX growth_sample_taken ON caretaker.growth_sample (taken);

-- When the next sample of a target is due. Whoever takes it holds the lease, and stores it only with that.
CREATE TABLE caretaker.growth_clock (
    target       text        PRIMARY KEY,
    due          timestamptz NOT NULL,
    -- routines that ended up to here are in a sample
    routine_seen timestamptz NOT NULL,
    lease        uuid,
    leased_until timestamptz,
    -- since when no sample comes about, and why; NULL: the latest attempt went well
    failing      timestamptz,
    error        text        NOT NULL DEFAULT ''
) WITH (fillfactor = 70);
