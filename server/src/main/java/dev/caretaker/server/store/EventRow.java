package dev.caretaker.server.store;

import static dev.caretaker.server.store.ControlStore.instant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A numbered event of a run.
 *
 * @param body JSON
 */
public record EventRow(long sequence, Instant at, String body) {

    static EventRow read(ResultSet row) throws SQLException {
        return new EventRow(row.getLong("sequence"), instant(row, "at"), row.getString("body"));
    }
}
