package dev.caretaker.server.console;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;

/** A database whose names try to be more than names. */
final class HostileDatabase {
    /** 63 bytes, all that PostgreSQL allows, with everything that HTML knows. */
    static final String SCRIPT = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>-------";

    /** Turns around what follows it. */
    static final String TURNED = "jobs\u202Egnihton";

    /** An index that another one makes superfluous. */
    static final String TWIN = "<s>twin</s>";

    static final String HEBREW = "\u05D9\u05D5\u05DE\u05DF";
    static final int OLD_ROWS = 3_000;

    private HostileDatabase() {}

    static Database make() {
        Database database = TestPostgres.newest().database();
        for (String name : new String[] {SCRIPT, TURNED, HEBREW, "jobs"}) {
            String quoted = quoted(name);
            database.execute(
                    "CREATE TABLE " + quoted + " (id int PRIMARY KEY, \"<b>ended</b>\" timestamptz, note text)",
                    "CREATE INDEX ON " + quoted + " (\"<b>ended</b>\")",
                    "INSERT INTO " + quoted + " SELECT i, now() - interval '90 days', '</td>' FROM generate_series(1, "
                            + OLD_ROWS + ") i",
                    "INSERT INTO " + quoted + " SELECT -i, now(), '' FROM generate_series(1, 100) i",
                    "ANALYZE " + quoted);
        }
        database.execute(
                "CREATE INDEX \"" + HEBREW + "_1\" ON \"" + HEBREW + "\" (note)",
                "CREATE INDEX \"" + HEBREW + "_2\" ON \"" + HEBREW + "\" (note)");
        database.execute("CREATE INDEX first ON jobs (note)", "CREATE INDEX \"" + TWIN + "\" ON jobs (note)");
        return database;
    }

    /** A name as SQL has it. */
    static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
