-- Archives: rows that left a table and are kept elsewhere. A row is written before the first row leaves, and stays when the
-- archive is deleted, so that nobody has to guess what became of it.

CREATE TABLE caretaker.archive (
    archive_id       uuid        PRIMARY KEY,
    target           text        NOT NULL,
    schema_name      text        NOT NULL,
    table_name       text        NOT NULL,
    policy           text        NOT NULL,
    run_id           uuid        NOT NULL,
    destination      text        NOT NULL,
    -- folder at the destination, with a slash at its end
    location         text        NOT NULL,
    -- all that its step ordered: becomes part of the manifest
    request          jsonb       NOT NULL,
    -- OPEN: rows come. SEALED: no more, some parts are still to be carried. STORED: with its manifest. EMPTY: no row came.
    -- DELETED
    state            text        NOT NULL,
    -- who writes parts now: whoever came before may not any more
    opener           uuid        NOT NULL,
    row_count        bigint      NOT NULL DEFAULT 0,
    bytes            bigint      NOT NULL DEFAULT 0,
    raw_bytes        bigint      NOT NULL DEFAULT 0,
    row_hash         numeric     NOT NULL DEFAULT 0,
    first_time       timestamptz,
    last_time        timestamptz,
    -- rows among them of which nobody knows whether they left their table
    rows_in_doubt    bigint      NOT NULL DEFAULT 0,
    created          timestamptz NOT NULL,
    sealed           timestamptz,
    stored           timestamptz,
    deleted          timestamptz,
    deleted_by       jsonb,
    -- SHA-256 of the manifest, hexadecimal
    manifest_sha256  text        NOT NULL DEFAULT '',
    -- what keeps a sealed one from its destination, one sentence
    problem          text        NOT NULL DEFAULT '',
    -- when it was verified without fault last, and how far
    verified         timestamptz,
    verified_level   text,
    -- when it was looked at last, and what was wrong then; '': nothing
    checked          timestamptz,
    fault            text        NOT NULL DEFAULT '',
    -- how far that look went: only one that goes as far can say that all is well again
    fault_level      text
);

CREATE INDEX archive_open ON caretaker.archive (created) WHERE state IN ('OPEN', 'SEALED');
CREATE INDEX archive_listed ON caretaker.archive (created DESC, archive_id DESC);
CREATE INDEX archive_run ON caretaker.archive (run_id);

CREATE TABLE caretaker.archive_part (
    archive_id uuid    NOT NULL REFERENCES caretaker.archive ON DELETE CASCADE,
    part       int     NOT NULL,
    -- spool it lies in until it is stored, and the server it was written by
    spool_id   uuid    NOT NULL,
    server     text    NOT NULL,
    -- name in its folder of the spool, and at the destination
    file       text    NOT NULL,
    object     text    NOT NULL,
    -- OPEN, CLOSED, STORED
    state      text    NOT NULL,
    bytes      bigint  NOT NULL DEFAULT 0,
    raw_bytes  bigint  NOT NULL DEFAULT 0,
    row_count  bigint  NOT NULL DEFAULT 0,
    row_hash   numeric NOT NULL DEFAULT 0,
    first_time timestamptz,
    last_time  timestamptz,
    -- hexadecimal; '' until it is stored
    sha256     text    NOT NULL DEFAULT '',
    PRIMARY KEY (archive_id, part)
);

CREATE INDEX archive_part_carried ON caretaker.archive_part (spool_id) WHERE state <> 'STORED';
