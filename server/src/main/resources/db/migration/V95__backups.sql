-- Backups of targets: a row is written before anything is, and stays when the backup is deleted.

CREATE TABLE caretaker.backup (
    -- also that of the run that makes it
    backup_id        uuid        PRIMARY KEY,
    target           text        NOT NULL,
    -- TABLE_COPY, PG_DUMP
    engine           text        NOT NULL,
    destination      text        NOT NULL,
    -- folder at the destination, with a slash at its end
    location         text        NOT NULL,
    -- all that was ordered
    request          jsonb       NOT NULL,
    -- whether that is the whole database with all of its rows
    whole            boolean     NOT NULL,
    -- OPEN: it is being made. STORED: with its manifest. FAILED: there is none. DELETED
    state            text        NOT NULL,
    actor            jsonb       NOT NULL,
    -- tables whose rows it holds, and these rows
    table_count      int         NOT NULL DEFAULT 0,
    row_count        bigint      NOT NULL DEFAULT 0,
    -- of its parts, as they are stored
    bytes            bigint      NOT NULL DEFAULT 0,
    server_version   text        NOT NULL DEFAULT '',
    -- cluster and database it was taken from
    system_identifier bigint     NOT NULL DEFAULT 0,
    database_oid     bigint      NOT NULL DEFAULT 0,
    created          timestamptz NOT NULL,
    -- the moment whose state it holds
    snapshot         timestamptz,
    stored           timestamptz,
    deleted          timestamptz,
    deleted_by       jsonb,
    pinned_by        jsonb,
    pin_reason       text        NOT NULL DEFAULT '',
    -- SHA-256 of the manifest, hexadecimal
    manifest_sha256  text        NOT NULL DEFAULT '',
    -- why there is none, one sentence
    problem          text        NOT NULL DEFAULT '',
    -- whether nothing of what a failed or deleted one had put lies at its destination any more
    swept            boolean     NOT NULL DEFAULT false,
    -- when it was last proven by restoring it
    verified         timestamptz,
    -- result of the latest verification
    evidence         jsonb
);

CREATE INDEX backup_listed ON caretaker.backup (created DESC, backup_id DESC);
CREATE INDEX backup_of_target ON caretaker.backup (target, stored DESC) WHERE state = 'STORED';
CREATE INDEX backup_unswept ON caretaker.backup (created) WHERE NOT swept AND state <> 'STORED';
