package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.plan.DefaultRows.Stretch;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Literals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Counts what lies in a default partition, gap by gap. Waits for no lock, and no longer than its time. */
final class DefaultCount {
    private final Connection connection;
    private final PartitionSet set;
    private final Member partition;
    private final String key;
    private final String type;

    DefaultCount(Connection connection, PartitionSet set, TableState table, Member partition) {
        this.connection = connection;
        this.set = set;
        this.partition = partition;
        this.key = Identifiers.quote(table.keyColumn().orElseThrow());
        this.type = table.keyType().orElseThrow();
    }

    /** Leaves the connection in autocommit and its settings as they were. */
    Optional<DefaultRows> read(List<KeyRange> gaps, Instant now) throws SQLException {
        try {
            return Optional.of(BriefRead.of(connection, () -> count(gaps, now)));
        } catch (SQLException e) {
            if (PostgresErrors.isTimeout(e) || PostgresErrors.INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return Optional.of(new DefaultRows(false, partition.rows(), 0, List.of()));
            }
            throw e;
        }
    }

    private DefaultRows count(List<KeyRange> gaps, Instant now) throws SQLException {
        boolean empty = Sql.of("SELECT NOT EXISTS (SELECT FROM ONLY " + table() + ")")
                .one(connection, row -> row.getBoolean(1));
        List<Stretch> stretches = new ArrayList<>();
        if (empty) {
            return new DefaultRows(true, 0, 0, stretches);
        }
        KeyPoint from = FactsReader.plausibleFrom(set);
        KeyPoint to = FactsReader.plausibleTo(set, now);
        for (KeyRange gap : gaps) {
            // A gap between two partitions is meant whole; only open ends reach too far.
            boolean bounded = gap.from().isFinite() && gap.to().isFinite();
            KeyPoint low = bounded ? gap.from() : later(gap.from(), from);
            KeyPoint high = bounded ? gap.to() : earlier(gap.to(), to);
            stretch(gap, new KeyRange(gap.from(), earlier(low, gap.to())), false)
                    .ifPresent(stretches::add);
            stretch(gap, new KeyRange(low, high), true).ifPresent(stretches::add);
            stretch(gap, new KeyRange(later(high, gap.from()), gap.to()), false).ifPresent(stretches::add);
        }
        long nulls = Sql.of("SELECT count(*) FROM ONLY " + table() + " WHERE " + key + " IS NULL")
                .one(connection, row -> row.getLong(1));
        return new DefaultRows(true, partition.rows(), nulls, stretches);
    }

    private Optional<Stretch> stretch(KeyRange gap, KeyRange part, boolean plausible) throws SQLException {
        if (part.isEmpty()) {
            return Optional.empty();
        }
        String where = " FROM ONLY " + table() + " WHERE " + key + " IS NOT NULL" + bound(part.from(), ">=")
                + bound(part.to(), "<");
        long rows = Sql.of("SELECT count(*)" + where).one(connection, row -> row.getLong(1));
        if (rows == 0) {
            return Optional.empty();
        }
        return Optional.of(new Stretch(gap, plausible, rows, end(where, ""), end(where, " DESC")));
    }

    /** ORDER BY, because not every type has min() and max(). */
    private KeyPoint end(String where, String direction) throws SQLException {
        return Sql.of("SELECT " + key + "::pg_catalog.text" + where + " ORDER BY " + key + direction + " LIMIT 1")
                .first(connection, row -> set.key().read(row.getString(1)).orElse(KeyPoint.HIGHEST))
                .orElse(KeyPoint.HIGHEST);
    }

    private String bound(KeyPoint point, String operator) {
        return point.isFinite()
                ? " AND " + key + " OPERATOR(pg_catalog." + operator + ") CAST("
                        + Literals.quote(set.key().write(point.position(), false)) + " AS " + type + ")"
                : "";
    }

    private String table() {
        return Identifiers.quote(partition.name());
    }

    private static KeyPoint earlier(KeyPoint one, KeyPoint other) {
        return one.isNotAfter(other) ? one : other;
    }

    private static KeyPoint later(KeyPoint one, KeyPoint other) {
        return one.isNotAfter(other) ? other : one;
    }
}
