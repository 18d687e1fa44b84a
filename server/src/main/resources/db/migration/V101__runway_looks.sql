-- When the partition sets of a target were last looked at for how far ahead their partitions exist.
CREATE TABLE caretaker.runway_look (
    target text        PRIMARY KEY,
    looked timestamptz NOT NULL
) WITH (fillfactor = 70);
