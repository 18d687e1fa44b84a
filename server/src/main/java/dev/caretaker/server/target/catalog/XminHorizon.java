package dev.caretaker.server.target.catalog;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What keeps VACUUM from removing dead rows of a database.
 *
 * @param holders the oldest first
 * @param complete false if the role may not see other roles' sessions (pg_read_all_stats)
 */
public record XminHorizon(List<XminHolder> holders, boolean complete) {

    static XminHorizon read(Connection connection) throws SQLException {
        boolean complete = Sql.of("SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')")
                .one(connection, row -> row.getBoolean(1));
        List<XminHolder> holders = Sql.resource("target/xmin_holders")
                .list(
                        connection,
                        row -> new XminHolder(
                                XminHolder.Kind.valueOf(row.getString("kind")),
                                row.getString("name"),
                                row.getString("description"),
                                row.getLong("age"),
                                Optional.ofNullable(row.getObject("since", OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant)));
        return new XminHorizon(holders, complete);
    }
}
