package dev.caretaker.server.reindex;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Space of an index that a rebuild would give back.
 *
 * @param bytes size of the index
 * @param wasted bytes of it that are wasted
 * @param exact whether pgstattuple read the index, or statistics were asked
 */
record Bloat(long bytes, long wasted, boolean exact) {

    double percent() {
        return bytes == 0 ? 0 : 100.0 * wasted / bytes;
    }

    @Override
    public String toString() {
        return Amounts.percent(percent()) + " bloat, " + Amounts.bytes(wasted) + " of " + Amounts.bytes(bytes)
                + (exact ? "" : " (estimate)");
    }

    /** By estimate, of those indexes of which one can be made. */
    static Map<Long, Bloat> estimated(Connection connection, Collection<IndexFacts> indexes) throws SQLException {
        Map<Long, IndexFacts> byOid = indexes.stream().collect(Collectors.toMap(IndexFacts::oid, index -> index));
        String oids = byOid.keySet().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        Map<Long, Bloat> found = new HashMap<>();
        Sql.resource("reindex/bloat", oids).list(connection, row -> {
            long oid = row.getLong("oid");
            long wasted = row.getLong("wasted");
            if (!row.wasNull()) {
                found.put(oid, new Bloat(byOid.get(oid).bytes(), wasted, false));
            }
            return oid;
        });
        return found;
    }

    /** By reading the index, where the extension pgstattuple is there and takes it; else empty. */
    static Optional<Bloat> measured(Connection connection, IndexFacts index) throws SQLException {
        List<String> schema = Sql.resource("reindex/pgstattuple").list(connection, row -> row.getString("schema"));
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        String function = Identifiers.quote(schema.getFirst()) + ".pgstatindex";
        try {
            String text = Sql.resource("reindex/measured").text().replace("{pgstatindex}", function);
            return Sql.of(text, Long.toString(index.oid())).first(connection, row -> {
                double full = Math.min(1, row.getDouble("density") / row.getDouble("fillfactor"));
                double wastedPages = row.getLong("leaf_pages") * (1 - full) + row.getLong("unused");
                return new Bloat(row.getLong("index_size"), (long) (wastedPages * row.getLong("block")), true);
            });
        } catch (SQLException e) {
            // Not a B-tree (0A000, 42809), or the lock was not had: the estimate stands.
            if (PostgresErrors.isTimeout(e) || List.of("0A000", "42809").contains(e.getSQLState())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
