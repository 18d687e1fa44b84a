-- What was told and goes on, so that its end is told once, and whoever wants is reminded of it.
CREATE TABLE caretaker.condition (
    -- the event that it began with, such as target.unreachable
    event    text        NOT NULL,
    topic    text        NOT NULL,
    target   text        NOT NULL,
    severity text        NOT NULL,
    -- sentences: what goes on, and that it is over
    summary  text        NOT NULL,
    over     text        NOT NULL,
    data     jsonb       NOT NULL,
    since    timestamptz NOT NULL,
    told     timestamptz NOT NULL,
    PRIMARY KEY (event, topic)
);

-- Whether targets answer, as whichever server looked last saw it.
CREATE TABLE caretaker.target_contact (
    target text        PRIMARY KEY,
    looked timestamptz NOT NULL,
    -- since when it can not be worked on; NULL: it can
    lost   timestamptz,
    reason text        NOT NULL DEFAULT ''
) WITH (fillfactor = 70);

-- Plans that wait for a person are looked up from plans.
CREATE INDEX fire_plan ON caretaker.fire (plan_id) WHERE plan_id IS NOT NULL;
