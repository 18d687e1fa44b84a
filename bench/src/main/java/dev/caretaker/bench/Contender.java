package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** Somebody who removes a scenario's rows from the clone. */
interface Contender {
    /** How long the loop with its pause is watched. */
    long LOOP_NANOS = 15_000_000_000L;

    /** Name in tables and JSON. */
    String name();

    /** Removes the rows and says how long that took. */
    Work remove(BenchDatabase database, Scenario scenario) throws SQLException;

    /** One DELETE: the shortest way, and one long transaction. */
    static Contender singleDelete() {
        return new ByHand("delete") {
            @Override
            String sql(Scenario scenario) {
                return "DELETE FROM " + scenario.quotedTable() + " WHERE " + scenario.condition();
            }
        };
    }

    /** What guides tell: batches of 10,000 with a commit each. The pause between them is left out. */
    static Contender guidesLoop() {
        return new ByHand("loop") {
            @Override
            String sql(Scenario scenario) {
                return """
                        DO $$
                        DECLARE
                            deleted bigint;
                        BEGIN
                            LOOP
                                DELETE FROM %2$s WHERE %3$s IN (SELECT %3$s FROM %2$s WHERE %1$s LIMIT 10000);
                                GET DIAGNOSTICS deleted = ROW_COUNT;
                                COMMIT;
                                EXIT WHEN deleted = 0;
                            END LOOP;
                        END
                        $$""".formatted(scenario.condition(), scenario.quotedTable(), scenario.id());
            }
        };
    }

    /** The same with the pause that belongs to it, for as long as its speed needs to be seen. */
    static Contender pausingLoop() {
        return new Contender() {
            @Override
            public String name() {
                return "loop with pause";
            }

            @Override
            public Work remove(BenchDatabase database, Scenario scenario) throws SQLException {
                long start = System.nanoTime();
                try (Connection connection = database.connectClone();
                        Statement statement = connection.createStatement()) {
                    String batch = "DELETE FROM " + scenario.quotedTable() + " WHERE " + scenario.id() + " IN (SELECT "
                            + scenario.id() + " FROM " + scenario.quotedTable() + " WHERE " + scenario.condition()
                            + " LIMIT 10000)";
                    while (statement.executeUpdate(batch) > 0 && System.nanoTime() - start < LOOP_NANOS) {
                        statement.execute("SELECT pg_sleep(1)");
                    }
                }
                return Work.of(Duration.ofNanos(System.nanoTime() - start));
            }
        };
    }

    /**
     * How the work went.
     *
     * @param time from the order to the end
     * @param details what only Caretaker has
     */
    record Work(Duration time, Details details) {
        static Work of(Duration time) {
            return new Work(time, Details.NONE);
        }
    }

    /**
     * What Caretaker tells of its work.
     *
     * @param mechanism as planned
     * @param rowsDeleted as counted by the run; -1 for the others
     * @param batches durations of its batches in milliseconds, from BEGIN to the end of COMMIT, in order
     * @param course how it went along; without points if that is not looked at
     */
    record Details(String mechanism, long rowsDeleted, List<Double> batches, Course course) {
        static final Details NONE = new Details("", -1, List.of(), Course.NONE);
    }

    /** A statement run as such. */
    abstract class ByHand implements Contender {
        private final String name;

        ByHand(String name) {
            this.name = name;
        }

        abstract String sql(Scenario scenario);

        @Override
        public String name() {
            return name;
        }

        @Override
        public Work remove(BenchDatabase database, Scenario scenario) throws SQLException {
            try (Connection connection = database.connectClone();
                    Statement statement = connection.createStatement()) {
                long start = System.nanoTime();
                statement.execute(sql(scenario));
                return Work.of(Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }
}
