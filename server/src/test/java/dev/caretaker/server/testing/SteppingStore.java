package dev.caretaker.server.testing;

import dev.caretaker.server.testing.TestPostgres.Database;
import java.time.Duration;

/** Control stores whose clock a test sets: functions of the time of their own come before those of PostgreSQL. */
public final class SteppingStore {
    private SteppingStore() {}

    /** One whose clock is right as yet. */
    public static Database make() {
        Database store = TestPostgres.controlStore();
        store.execute(
                "CREATE SCHEMA stepping",
                "CREATE TABLE stepping.step (ahead interval NOT NULL)",
                "INSERT INTO stepping.step VALUES ('0')",
                "CREATE FUNCTION stepping.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE"
                        + " AS 'SELECT pg_catalog.clock_timestamp() + ahead FROM stepping.step'",
                "CREATE FUNCTION stepping.now() RETURNS timestamptz LANGUAGE sql STABLE"
                        + " AS 'SELECT pg_catalog.now() + ahead FROM stepping.step'",
                "ALTER DATABASE " + store.name() + " SET search_path = stepping, pg_catalog, public");
        return store;
    }

    /** From now on its clock is ahead by that of what is right, or behind. */
    public static void set(Database store, Duration ahead) {
        store.execute("UPDATE stepping.step SET ahead = interval '" + ahead.toSeconds() + " seconds'");
    }
}
