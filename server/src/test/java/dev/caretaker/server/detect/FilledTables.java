package dev.caretaker.server.detect;

import dev.caretaker.server.testing.TestPostgres;

/** Tables with rows, plain, odd of name and partitioned, for checks of tables. */
final class FilledTables {
    static final String ODD = "\"My Schema\".\"Odd \"\"Table\"";

    /** A plain, a partitioned and a mixed-case table, with 2,000 rows each (the second partition has 1,000 of them). */
    static final String[] TABLES = {
        "CREATE TABLE plain (id int PRIMARY KEY, a int, b text)",
        "CREATE TABLE parted (id int PRIMARY KEY, a int, b text) PARTITION BY RANGE (id)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1001)",
        "CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (1001) TO (9000)",
        "CREATE SCHEMA \"My Schema\"",
        "CREATE TABLE " + ODD + " (id int PRIMARY KEY, \"A b\" int, b text)",
        "INSERT INTO plain SELECT g, g, repeat('x', 400) FROM generate_series(1, 2000) g",
        "INSERT INTO parted SELECT g, g, repeat('x', 400) FROM generate_series(1, 2000) g",
        "INSERT INTO " + ODD + " SELECT g, g, repeat('x', 400) FROM generate_series(1, 2000) g"
    };

    /** In a session of its own: what the one before it counted must have arrived at the server. */
    static final String[] ANALYZED = {
        "VACUUM ANALYZE plain", "VACUUM ANALYZE parted_1", "VACUUM ANALYZE parted_2", "VACUUM ANALYZE " + ODD
    };

    static final String[] MOST_DELETED = {
        "DELETE FROM plain WHERE id % 10 <> 0",
        "DELETE FROM parted_2 WHERE id % 10 <> 0",
        "DELETE FROM " + ODD + " WHERE id % 10 <> 0"
    };

    private FilledTables() {}

    static Scene tables(TestPostgres server) {
        return Scene.on(server, TABLES).plant(ANALYZED);
    }
}
