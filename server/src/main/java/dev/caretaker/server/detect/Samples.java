package dev.caretaker.server.detect;

import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.target.Sql;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * How large the tables of a target were at earlier detections, so that growth can be told. Notes are made at most every six
 * hours and kept for five weeks; what is compared with is the oldest one of the last week.
 */
@Singleton
public class Samples {
    private static final Duration INTERVAL = Duration.ofHours(6);
    private static final Duration WINDOW = Duration.ofDays(7);
    private static final Duration RETENTION = Duration.ofDays(35);

    private final ControlStore store;

    public Samples(ControlStore store) {
        this.store = store;
    }

    /** The note to compare with: a JSON array of tables; an empty one if there is none. */
    String history(String target, Instant now) {
        return store.first("table_sample_since", row -> row.getString("tables"), target, now.minus(WINDOW))
                .orElse("[]");
    }

    /** Makes a note if one is due. */
    void take(String target, Connection connection, Instant now) throws SQLException {
        Instant newest = store.list("table_sample_newest", row -> ControlStore.instant(row, "taken"), target).stream()
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Instant.EPOCH);
        if (newest.plus(INTERVAL).isAfter(now)) {
            return;
        }
        String tables = Sql.resource("detect/table_sample", now.toString()).one(connection, row -> row.getString(1));
        store.update("table_sample_put", target, now, tables);
        store.update("table_samples_prune", now.minus(RETENTION));
    }
}
