-- Who must be told of what. A notification is written in the transaction of what causes it, and delivered afterwards.

CREATE TABLE caretaker.notification (
    -- the same in every attempt and at every channel: receivers tell repetitions by it
    notification_id uuid        PRIMARY KEY,
    -- such as run.failed
    type            text        NOT NULL,
    severity        text        NOT NULL,
    -- '': it concerns all targets, or none
    target          text        NOT NULL,
    -- what it is about: an event and its opposite have the same
    topic           text        NOT NULL,
    summary         text        NOT NULL,
    data            jsonb       NOT NULL,
    -- type of the event whose end this is
    resolves        text,
    -- NULL: the rules say who is told
    channel         text,
    occurred        timestamptz NOT NULL,
    -- when the rules were asked; NULL: not yet
    routed          timestamptz
);

CREATE INDEX notification_unrouted ON caretaker.notification (occurred) WHERE routed IS NULL;
CREATE INDEX notification_topic ON caretaker.notification (topic, occurred DESC);
CREATE INDEX notification_listed ON caretaker.notification (occurred DESC, notification_id DESC);

CREATE TABLE caretaker.delivery (
    notification_id uuid        NOT NULL REFERENCES caretaker.notification ON DELETE CASCADE,
    channel         text        NOT NULL,
    -- PENDING, DELIVERED, DEAD
    state           text        NOT NULL,
    attempts        int         NOT NULL,
    due             timestamptz NOT NULL,
    -- of the attempt under way; once it is over, another server may try
    lease           uuid,
    leased_until    timestamptz,
    -- why the latest attempt came to nothing
    error           text        NOT NULL,
    changed         timestamptz NOT NULL,
    PRIMARY KEY (notification_id, channel)
) WITH (fillfactor = 70);

CREATE INDEX delivery_due ON caretaker.delivery (channel, due) WHERE state = 'PENDING';
CREATE INDEX delivery_dead ON caretaker.delivery (channel) WHERE state = 'DEAD';

-- Since when its expectation is known to be broken, and when that was last told.
ALTER TABLE caretaker.schedule_line ADD COLUMN overdue timestamptz, ADD COLUMN overdue_told timestamptz;
