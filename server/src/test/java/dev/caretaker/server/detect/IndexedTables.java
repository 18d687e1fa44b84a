package dev.caretaker.server.detect;

/** Tables with indexes, plain, odd of name and partitioned, for checks of indexes. */
final class IndexedTables {
    /** A plain, a partitioned and a mixed-case table, each with two rows of the same a. */
    static final String[] TABLES = {
        "CREATE TABLE plain (id int, a int, b text)",
        "CREATE TABLE parted (id int, a int, b text) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (200)",
        "CREATE SCHEMA \"My Schema\"",
        "CREATE TABLE \"My Schema\".\"Odd \"\"Table\" (id int, \"A b\" int, b text)",
        "INSERT INTO plain VALUES (1, 1), (2, 1)",
        "INSERT INTO parted VALUES (1, 1), (2, 1), (101, 1), (102, 1)",
        "INSERT INTO \"My Schema\".\"Odd \"\"Table\" VALUES (1, 1), (2, 1)"
    };

    private IndexedTables() {}
}
