-- Many events are one message: those that happen together, within a rule's wait, or within a day or a week.

ALTER TABLE caretaker.notification
    -- events with the same were found together
    ADD COLUMN batch    text    NOT NULL DEFAULT '',
    -- whether the batch is one message for programs, too
    ADD COLUMN whole    boolean NOT NULL DEFAULT false,
    -- something that was told before goes on
    ADD COLUMN reminder boolean NOT NULL DEFAULT false;

-- An event that is told to a channel as part of a message.
CREATE TABLE caretaker.gathered (
    notification_id uuid        NOT NULL REFERENCES caretaker.notification ON DELETE CASCADE,
    channel         text        NOT NULL,
    -- '': of no rule's wait
    rule            text        NOT NULL,
    digest          boolean     NOT NULL,
    -- what else has the same is the same message
    group_key       text        NOT NULL,
    -- when the message is due; one with several such times is due at the first. NULL: when its digest is
    due             timestamptz,
    -- message that told it
    message_id      uuid,
    PRIMARY KEY (notification_id, channel, rule)
);

CREATE INDEX gathered_open ON caretaker.gathered (digest, channel, rule, group_key) WHERE message_id IS NULL;
CREATE INDEX gathered_message ON caretaker.gathered (message_id) WHERE message_id IS NOT NULL;

-- Up to when a digest has been told.
CREATE TABLE caretaker.digest (
    rule    text        NOT NULL,
    channel text        NOT NULL,
    upto    timestamptz NOT NULL,
    PRIMARY KEY (rule, channel)
);

-- As how bad it was last told; NULL: it was not. What was known before anybody was told is not told now.
ALTER TABLE caretaker.finding ADD COLUMN told text;
UPDATE caretaker.finding SET told = severity WHERE gone IS NULL;
