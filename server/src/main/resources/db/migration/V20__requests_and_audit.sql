-- What was asked for, by request id, so that nothing is done twice; and who did what, for ever.
CREATE TABLE caretaker.request (
    request_id  uuid        PRIMARY KEY,
    method      text        NOT NULL,
    -- hash of the request without its id and actor: the same id with other content is refused
    fingerprint bytea       NOT NULL,
    actor       jsonb       NOT NULL,
    -- STARTED, DONE or FAILED; a failed one may be tried again with the same content
    state       text        NOT NULL,
    -- true as soon as a transaction of the action committed: set by that very transaction
    acted       boolean     NOT NULL DEFAULT false,
    -- the attempt that works on it; whoever writes must name it
    attempt     uuid        NOT NULL,
    -- last sign of life of that attempt; an attempt that went silent is taken over
    alive       timestamptz NOT NULL DEFAULT now(),
    answer      bytea,
    created     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX request_created ON caretaker.request (created);

CREATE TABLE caretaker.audit (
    audit_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT now(),
    actor      text        NOT NULL,
    verified   boolean     NOT NULL,
    method     text        NOT NULL,
    -- null if the caller sent none that is a UUID
    request_id uuid,
    -- unique per attempt; null for what was refused before it began
    attempt    uuid        UNIQUE,
    target     text        NOT NULL DEFAULT '',
    summary    jsonb       NOT NULL,
    -- STARTED (and, if it stays so, cut short by a crash), OK or REFUSED
    outcome    text        NOT NULL,
    reason     text        NOT NULL DEFAULT '',
    message    text        NOT NULL DEFAULT ''
);

CREATE INDEX audit_at ON caretaker.audit (at);
CREATE INDEX audit_target ON caretaker.audit (target, at);
CREATE INDEX audit_request ON caretaker.audit (request_id) WHERE request_id IS NOT NULL;
