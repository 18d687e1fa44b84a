package dev.caretaker.server.archive.restore;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.Manifest;
import dev.caretaker.server.archive.RowPipe;
import dev.caretaker.server.archive.StoredRows;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The SQL of a restore. Names are the catalog's, and all else is qualified: the session works in the application's path. */
final class RestoredTable {
    private static final String STAGE = "pg_temp.caretaker_restore";

    private final RestoreWork work;

    RestoredTable(RestoreWork work) {
        this.work = work;
    }

    /**
     * What one batch did.
     *
     * @param read rows of the archive
     * @param taken rows that are in the table now
     */
    record Loaded(long read, long taken) {}

    /** Fails with RELATION_CHANGED if the table is not the one that it was. */
    void requireUnchanged(Connection connection, long oid) throws SQLException {
        Optional<Long> now = find(connection);
        if (!now.equals(Optional.of(oid))) {
            throw changed(now.isPresent() ? "is another one than when the restore began" : "is no more");
        }
    }

    CaretakerException changed(String what) {
        return CaretakerException.of(Reason.RELATION_CHANGED, "Table " + work.into() + " " + what + ".");
    }

    /** Oid of the table of that name. */
    Optional<Long> find(Connection connection) throws SQLException {
        return Sql.resource(
                        "archive/relation", work.into().schema(), work.into().name())
                .first(connection, row -> row.getLong("oid"));
    }

    /** Makes it, empty. Returns its oid. Fails with RELATION_CHANGED if somebody else has made one of that name. */
    long make(Connection connection, Manifest manifest) throws SQLException {
        String name = Identifiers.quote(work.into());
        String text = work.like()
                .map(parent -> "CREATE TABLE " + name + " (LIKE " + Identifiers.quote(parent)
                        + " INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)")
                .orElseGet(() -> "CREATE TABLE " + name + " (" + definition(loaded(manifest)) + ")");
        try {
            Sql.of(text).execute(connection);
        } catch (SQLException e) {
            if (PostgresErrors.isDuplicate(e)) {
                throw changed("exists already");
            }
            throw e;
        }
        return find(connection).orElseThrow();
    }

    /** A generated column has been computed: a new table keeps its values, and computes none. */
    private static String definition(List<ArchivedColumn> columns) {
        return columns.stream().map(RestoredTable::definition).collect(Collectors.joining(", "));
    }

    private static String definition(ArchivedColumn column) {
        return Identifiers.quote(column.name()) + " " + column.type()
                + (column.collation().isEmpty() ? "" : " COLLATE " + column.collation());
    }

    private List<ArchivedColumn> loaded(Manifest manifest) {
        return manifest.source().columns().stream()
                .filter(column -> work.columns().contains(column.name()))
                .toList();
    }

    /** Loads at most so many rows. */
    Loaded load(Connection connection, Manifest manifest, StoredRows rows, long most) throws SQLException {
        boolean straight = work.makesTable()
                && work.takesAll()
                && work.columns().size() == manifest.source().columns().size();
        if (straight) {
            long loaded = copy(connection, Identifiers.quote(work.into()), manifest, rows, most);
            return new Loaded(loaded, loaded);
        }
        // Its definition is that of the archive, whatever the table's is now.
        Sql.of("CREATE TEMPORARY TABLE " + STAGE + " ("
                        + definition(manifest.source().columns()) + ") ON COMMIT DROP")
                .execute(connection);
        long read = copy(connection, STAGE, manifest, rows, most);
        long taken = read == 0 ? 0 : move(manifest).update(connection);
        return new Loaded(read, taken);
    }

    private static long copy(Connection connection, String into, Manifest manifest, StoredRows rows, long most)
            throws SQLException {
        String sql = "COPY " + into + " ("
                + names(manifest.source().columns().stream()
                        .map(ArchivedColumn::name)
                        .toList())
                + ") FROM STDIN (FORMAT csv)";
        try {
            return RowPipe.copy(connection, sql, buffer -> {
                long done = 0;
                while (done < most && rows.next(buffer::write)) {
                    done++;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Sql move(Manifest manifest) {
        String columns = names(work.columns());
        List<Object> values = new ArrayList<>();
        StringBuilder wanted = new StringBuilder();
        manifest.timeColumn().ifPresent(time -> {
            String value = "CAST(" + Identifiers.quote(time) + " AS pg_catalog.timestamptz)";
            within(wanted, values, value + " OPERATOR(pg_catalog.>=) ?", work.from());
            within(wanted, values, value + " OPERATOR(pg_catalog.<) ?", work.until());
        });
        work.condition().ifPresent(condition -> {
            wanted.append(wanted.isEmpty() ? " WHERE (" : " AND (")
                    .append(condition.sql())
                    .append(")");
            values.addAll(condition.values());
        });
        return Sql.of(
                "INSERT INTO " + Identifiers.quote(work.into()) + " (" + columns + ") OVERRIDING SYSTEM VALUE SELECT "
                        + columns + " FROM " + STAGE + " AS t" + wanted + " ON CONFLICT DO NOTHING",
                values.toArray());
    }

    private static void within(StringBuilder wanted, List<Object> values, String condition, Optional<Instant> time) {
        time.ifPresent(instant -> {
            wanted.append(wanted.isEmpty() ? " WHERE " : " AND ").append(condition);
            values.add(instant.atOffset(ZoneOffset.UTC));
        });
    }

    private static String names(List<String> columns) {
        return columns.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
    }

    /** How many rows it has. */
    long rows(Connection connection, long oid) throws SQLException {
        requireUnchanged(connection, oid);
        return Sql.of("SELECT pg_catalog.count(*) FROM ONLY " + Identifiers.quote(work.into()))
                .one(connection, row -> row.getLong(1));
    }
}
