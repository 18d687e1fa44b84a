-- What detections found, what of it is muted, and how large tables were.
CREATE TABLE caretaker.finding (
    target         text             NOT NULL,
    finding_id     text             NOT NULL,
    check_id       text             NOT NULL,
    severity       text             NOT NULL,
    confidence     text             NOT NULL,
    object_kind    text             NOT NULL,
    schema_name    text             NOT NULL,
    object_name    text             NOT NULL,
    message        text             NOT NULL,
    impact         double precision NOT NULL,
    impact_unit    text             NOT NULL,
    evidence       jsonb            NOT NULL,
    remediation    text,
    blocks_vacuum  boolean          NOT NULL,
    blocks_cleanup boolean          NOT NULL,
    first_seen     timestamptz      NOT NULL,
    last_seen      timestamptz      NOT NULL,
    -- since when it is no longer there
    gone           timestamptz,
    status         text             NOT NULL,
    PRIMARY KEY (target, finding_id)
);

CREATE INDEX finding_gone ON caretaker.finding (gone) WHERE gone IS NOT NULL;

CREATE TABLE caretaker.finding_mute (
    target     text        NOT NULL,
    finding_id text        NOT NULL,
    reason     text        NOT NULL,
    -- NULL: never
    expires    timestamptz,
    created_by jsonb       NOT NULL,
    created    timestamptz NOT NULL,
    PRIMARY KEY (target, finding_id)
);

-- One row holds all tables of a target: it is written and read as a whole.
CREATE TABLE caretaker.table_sample (
    target text        NOT NULL,
    taken  timestamptz NOT NULL,
    tables jsonb       NOT NULL,
    PRIMARY KEY (target, taken)
);
