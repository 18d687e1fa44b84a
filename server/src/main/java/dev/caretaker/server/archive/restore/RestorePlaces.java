package dev.caretaker.server.archive.restore;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tables at a target that rows may be loaded into. */
final class RestorePlaces {
    private final Connection connection;
    private final Target target;

    RestorePlaces(Connection connection, Target target) {
        this.connection = connection;
        this.target = target;
    }

    /**
     * A table as it is now.
     *
     * @param above itself, and the partitioned tables above it
     * @param keys columns of each key that tells all rows apart
     * @param columns all of them
     * @param computed those that are generated
     * @param needed those that must be given
     */
    record Place(
            TableName name,
            long oid,
            boolean partitioned,
            List<Set<String>> keys,
            List<TableName> above,
            Set<String> columns,
            Set<String> computed,
            Set<String> needed) {

        /** Whether a row that is there already is told by the columns that are loaded. */
        boolean tells(List<String> loaded) {
            return keys.stream().anyMatch(loaded::containsAll);
        }

        /** Archived columns that it can take; fails with RELATION_CHANGED if it needs others. */
        List<String> common(List<ArchivedColumn> archived) {
            List<String> common = archived.stream()
                    .map(ArchivedColumn::name)
                    .filter(column -> columns.contains(column) && !computed.contains(column))
                    .toList();
            List<String> lacking = needed.stream()
                    .filter(column -> !common.contains(column) && !computed.contains(column))
                    .sorted()
                    .toList();
            if (!lacking.isEmpty()) {
                throw CaretakerException.of(
                        Reason.RELATION_CHANGED,
                        "Table " + name + " has columns that the archive lacks, and that need a value: "
                                + String.join(", ", lacking) + ".");
            }
            return common;
        }
    }

    /** Fails with INVALID_FIELD if there is something of that name, or it is out of scope. */
    void requireFree(TableName name) throws SQLException {
        requireScope(name);
        boolean there = Sql.resource("archive/relation", name.schema(), name.name())
                .first(connection, row -> row.getLong("oid"))
                .isPresent();
        if (there) {
            throw CaretakerException.invalid("into", name + " exists already");
        }
    }

    private void requireScope(TableName name) {
        if (!target.inScope(name.schema())) {
            throw CaretakerException.invalid("into", "schema " + name.schema() + " may not be touched");
        }
    }

    Place require(TableName name) throws SQLException {
        return find(name)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.RELATION_CHANGED, "Table " + name + " is no more; restore into a new table."));
    }

    Optional<Place> find(TableName name) throws SQLException {
        requireScope(name);
        List<Place> all =
                Sql.resource("archive/restorable", name.schema(), name.name()).list(connection, RestorePlaces::place);
        List<TableName> above = all.stream().map(Place::name).toList();
        return all.stream()
                .filter(place -> place.name().equals(name))
                .findFirst()
                .map(place -> new Place(
                        place.name(),
                        place.oid(),
                        place.partitioned(),
                        place.keys(),
                        above,
                        place.columns(),
                        place.computed(),
                        place.needed()));
    }

    private static Place place(ResultSet row) throws SQLException {
        return new Place(
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getLong("oid"),
                row.getString("relkind").equals("p"),
                keys(row.getString("keys")),
                List.of(),
                names(row, "columns"),
                names(row, "computed"),
                names(row, "needed"));
    }

    private static List<Set<String>> keys(@Nullable String json) {
        if (json == null) {
            return List.of();
        }
        List<Set<String>> keys = new ArrayList<>();
        for (String[] columns : Json.read(json, String[][].class)) {
            keys.add(Set.of(columns));
        }
        return keys;
    }

    private static Set<String> names(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return Set.copyOf(Arrays.asList((String[]) array.getArray()));
    }
}
