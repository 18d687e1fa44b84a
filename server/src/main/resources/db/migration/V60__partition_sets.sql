-- How partitioned tables are kept, and the partitions that upkeep detached.

CREATE TABLE caretaker.partition_set (
    name       text        PRIMARY KEY,
    target     text        NOT NULL,
    content    jsonb       NOT NULL,
    -- hash of the content
    etag       text        NOT NULL,
    updated    timestamptz NOT NULL,
    updated_by jsonb       NOT NULL
);

CREATE INDEX partition_set_target ON caretaker.partition_set (target, name);

-- A partition is known by its oid and by the cluster in which it has that oid: after a dump and restore it is another one.
CREATE TABLE caretaker.retired_partition (
    retired_id    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    target        text        NOT NULL,
    system_id     bigint      NOT NULL,
    oid           bigint      NOT NULL,
    schema_name   text        NOT NULL,
    table_name    text        NOT NULL,
    parent_schema text        NOT NULL,
    parent_table  text        NOT NULL,
    set_name      text        NOT NULL,
    lower_bound   text        NOT NULL,
    upper_bound   text        NOT NULL,
    state         text        NOT NULL,
    detached      timestamptz NOT NULL,
    -- no drop before; NULL: it is to stay
    held_until    timestamptz,
    bytes         bigint      NOT NULL,
    row_estimate  bigint      NOT NULL,
    run_id        uuid        NOT NULL,
    ended         timestamptz
);

-- One stay in retirement at a time.
CREATE UNIQUE INDEX retired_partition_open ON caretaker.retired_partition (target, system_id, oid) WHERE ended IS NULL;
CREATE INDEX retired_partition_listed ON caretaker.retired_partition (target, retired_id DESC);

-- What a plan is of: a cleanup or upkeep.
ALTER TABLE caretaker.plan ADD COLUMN kind text NOT NULL DEFAULT 'cleanup';
