-- Backups that Caretaker did not make: what other tools say they have, and what people recorded.

-- The latest look at a tool of a target. Whoever is to look at it moves its due time first.
CREATE TABLE caretaker.backup_look (
    target  text        NOT NULL,
    -- PGBACKREST, BARMAN, WAL_G
    tool    text        NOT NULL,
    -- its stanza or server; '': it needs none
    name    text        NOT NULL,
    due     timestamptz NOT NULL,
    -- when the tool last told what it has, and what that is
    looked  timestamptz,
    content jsonb,
    -- since when it does not tell, and why; NULL: the latest look went well
    failing timestamptz,
    error   text        NOT NULL DEFAULT '',
    PRIMARY KEY (target, tool, name)
) WITH (fillfactor = 70);

-- Recorded by hand or by a program: snapshots of disks, backups of a provider.
CREATE TABLE caretaker.external_backup (
    backup_id uuid        PRIMARY KEY,
    target    text        NOT NULL,
    -- who made it
    source    text        NOT NULL,
    -- its name there
    reference text        NOT NULL,
    -- the moment whose state it holds
    taken     timestamptz NOT NULL,
    -- when it was proven by restoring it; NULL: never
    verified  timestamptz,
    bytes     bigint,
    note      text        NOT NULL,
    actor     jsonb       NOT NULL,
    recorded  timestamptz NOT NULL,
    UNIQUE (target, source, reference)
);

CREATE INDEX external_backup_of_target ON caretaker.external_backup (target, taken DESC);
