package dev.caretaker.server.demo;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * A past for a demo that stays, so that there is something to look at: growth of five weeks and what became of schedules for a week,
 * as they would be had it run that long, each marked as made up; and rows for runs that go on.
 */
final class DemoHistory {
    private final DataSource controlStore;
    private final DataSource sample;

    DemoHistory(DemoDatabase database) {
        this.controlStore = database.controlStore();
        this.sample = database.sample();
    }

    /** From now on a sample of today is due, whether there was one or not. */
    void begin() throws SQLException {
        try (Connection connection = controlStore.getConnection()) {
            Sql.resource("demo/growth_again").update(connection);
        }
    }

    /** Needs a sample of today, and the schedules of the demo, as far as there are to be fires of theirs. */
    void make() throws SQLException {
        try (Connection connection = controlStore.getConnection()) {
            for (String statement : List.of("growth_history", "fire_history", "history_audit")) {
                Sql.resource("demo/" + statement).update(connection);
            }
        }
        try (Connection connection = sample.getConnection()) {
            Sql.resource("demo/backlog").update(connection);
            Sql.of("ANALYZE cryoprotect.sessions, cryoprotect.audit_logs").execute(connection);
        }
    }
}
