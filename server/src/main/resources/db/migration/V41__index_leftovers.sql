-- Invalid indexes that a rebuild of ours left and could not drop, so that the next rebuild on their table knows them as ours.
CREATE TABLE caretaker.index_leftover (
    target    text   NOT NULL,
    table_oid bigint NOT NULL,
    index_oid bigint NOT NULL,
    PRIMARY KEY (target, index_oid)
);
