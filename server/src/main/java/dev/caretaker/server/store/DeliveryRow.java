package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A notification on its way to one channel.
 *
 * @param attempts so far, with the one under way
 * @param due when it is attempted next, while it is pending
 * @param lease of the attempt under way
 * @param error why the latest attempt came to nothing; empty if it did not
 * @param changed when an attempt last ended
 */
public record DeliveryRow(
        Notice notice,
        String channel,
        State state,
        int attempts,
        Instant due,
        Optional<UUID> lease,
        String error,
        Instant changed) {

    /** Where a delivery stands. */
    public enum State {
        PENDING,
        DELIVERED,
        /** Given up; it can be delivered again when somebody asks for it. */
        DEAD
    }

    static DeliveryRow read(ResultSet row) throws SQLException {
        return new DeliveryRow(
                Notice.read(row),
                row.getString("channel"),
                State.valueOf(row.getString("state")),
                row.getInt("attempts"),
                ControlStore.instant(row, "due"),
                Optional.ofNullable(row.getObject("lease", UUID.class)),
                row.getString("error"),
                ControlStore.instant(row, "changed"));
    }
}
