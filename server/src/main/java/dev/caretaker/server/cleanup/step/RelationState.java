package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a relation is right now. A plan keeps it; whoever executes compares.
 *
 * @param oid in pg_class
 * @param table its name
 * @param relfilenode file it is stored in, 0 if it has none; changes when the table is rewritten or truncated, which voids
 *     row addresses
 * @param fingerprint hash of all in its schema that a cleanup depends on: name, columns, bounds, triggers on DELETE,
 *     referencing keys, row security
 */
public record RelationState(long oid, TableName table, long relfilenode, String fingerprint) {

    /** Empty if there is no such relation any more. */
    public static Optional<RelationState> read(Connection connection, long oid) throws SQLException {
        return Optional.ofNullable(readAll(connection, List.of(oid)).get(oid));
    }

    /** By oid; relations that are gone are missing. */
    public static Map<Long, RelationState> readAll(Connection connection, Collection<Long> oids) throws SQLException {
        String array = oids.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        return Sql.resource("cleanup/relation_states", array)
                .often()
                .list(
                        connection,
                        row -> new RelationState(
                                row.getLong("oid"),
                                new TableName(row.getString("nspname"), row.getString("relname")),
                                row.getLong("relfilenode"),
                                row.getString("fingerprint")))
                .stream()
                .collect(Collectors.toMap(RelationState::oid, Function.identity()));
    }
}
