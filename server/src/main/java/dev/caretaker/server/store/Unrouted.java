package dev.caretaker.server.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A notice that the rules have not been asked about.
 *
 * @param channel the only one that is told; empty: the rules say
 * @param batch notices with the same were found together; empty text: it was found alone
 * @param whole whether the batch is one message for programs, too
 * @param reminder whether it goes on, and was told before
 */
public record Unrouted(Notice notice, Optional<String> channel, String batch, boolean whole, boolean reminder) {

    static Unrouted read(ResultSet row) throws SQLException {
        return new Unrouted(
                Notice.read(row),
                Optional.ofNullable(row.getString("channel")),
                row.getString("batch"),
                row.getBoolean("whole"),
                row.getBoolean("reminder"));
    }
}
