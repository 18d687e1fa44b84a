-- When indexes were last rebuilt, so that one is not rebuilt again and again. Without a link to the run: runs are pruned.
CREATE TABLE caretaker.index_rebuild (
    target       text        NOT NULL,
    schema_name  text        NOT NULL,
    index_name   text        NOT NULL,
    rebuilt      timestamptz NOT NULL,
    run_id       uuid        NOT NULL,
    bytes_before bigint      NOT NULL,
    bytes_after  bigint      NOT NULL,
    PRIMARY KEY (target, schema_name, index_name)
);
