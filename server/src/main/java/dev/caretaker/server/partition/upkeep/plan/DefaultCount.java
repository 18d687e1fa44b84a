package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.plan.DefaultRows.Stretch;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks into a default partition, gap by gap, for a time that does not grow with it. With an index that leads with the key no
 * stretch is counted beyond {@link Adopting#MOST_OUTLIERS} rows. Without one all of it is read once; if that takes too long, a
 * sample of its blocks tells where its rows lie. Waits for no lock.
 */
final class DefaultCount {
    /** A stretch with more is not moved, so that it does not matter how many more they are. */
    private static final long MOST = Adopting.MOST_OUTLIERS + 1;
    /** Blocks of 8 kB that a sample reads about: 40 MB, read within a second or two from a slow disk. */
    private static final double SAMPLED_BYTES = 40 << 20;

    private static final double WHOLE = 100;
    /** Three columns each: a query has at most 1,664. */
    private static final int MOST_PARTS = 500;

    private final Connection connection;
    private final PartitionSet set;
    private final Member partition;
    private final StretchSql sql;
    private final String key;
    private final Duration longest;

    /** @param longest for reading all of it */
    DefaultCount(Connection connection, PartitionSet set, TableState table, Member partition, Duration longest) {
        this.connection = connection;
        this.set = set;
        this.partition = partition;
        this.key = table.keyColumn().orElseThrow();
        this.sql = new StretchSql(set, Identifiers.quote(key), table.keyType().orElseThrow(), table());
        this.longest = longest;
    }

    /**
     * A part of a gap, as its rows are asked for.
     *
     * @param plausible false for keys so far away that nobody means them
     */
    record Part(KeyRange gap, KeyRange range, boolean plausible) {}

    /** Leaves the connection in autocommit and its settings as they were. */
    DefaultRows read(List<KeyRange> gaps, Instant now) throws SQLException {
        List<Part> parts = parts(gaps, now);
        try {
            return isIndexed() ? BriefRead.of(connection, () -> indexed(parts)) : scannedOrSampled(parts);
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            return DefaultRows.unknown(
                    PostgresErrors.isTimeout(e)
                            ? "could not be looked at in time"
                            : "cannot be looked at (" + PostgresErrors.clause(e) + ")",
                    partition.rows());
        }
    }

    private List<Part> parts(List<KeyRange> gaps, Instant now) {
        KeyPoint from = FactsReader.plausibleFrom(set);
        KeyPoint to = FactsReader.plausibleTo(set, now);
        List<Part> parts = new ArrayList<>();
        for (KeyRange gap : gaps) {
            // A gap between two partitions is meant whole; only open ends reach too far.
            boolean bounded = gap.from().isFinite() && gap.to().isFinite();
            KeyPoint low = bounded ? gap.from() : later(gap.from(), from);
            KeyPoint high = bounded ? gap.to() : earlier(gap.to(), to);
            parts.add(new Part(gap, new KeyRange(gap.from(), earlier(low, gap.to())), false));
            parts.add(new Part(gap, new KeyRange(low, high), true));
            parts.add(new Part(gap, new KeyRange(later(high, gap.from()), gap.to()), false));
        }
        return parts.stream().filter(part -> !part.range().isEmpty()).toList();
    }

    private boolean isIndexed() throws SQLException {
        return Sql.resource("partition/convert_key_index", partition.oid(), key)
                .one(connection, row -> row.getBoolean(1));
    }

    private DefaultRows indexed(List<Part> parts) throws SQLException {
        // Statistics that are wrong about a stretch must not make it a scan of all others.
        Sql.of("SELECT pg_catalog.set_config('enable_seqscan', 'off', true)").one(connection, row -> row.getString(1));
        long nulls = atMost(sql.nulls());
        List<Stretch> few = new ArrayList<>();
        List<Stretch> many = new ArrayList<>();
        for (Part part : parts) {
            long rows = atMost(sql.where(part));
            if (rows > 0) {
                (rows < MOST ? few : many).add(stretch(part, rows, end(part, ""), end(part, " DESC")));
            }
        }
        long rest = nulls + few.stream().mapToLong(Stretch::rows).sum();
        List<Stretch> all = new ArrayList<>(few);
        for (Stretch dense : many) {
            long share = (partition.rows() - rest) / many.size();
            all.add(new Stretch(
                    dense.gap(), dense.plausible(), Math.max(share, MOST), dense.lowest(), dense.highest()));
        }
        return new DefaultRows(Optional.empty(), many.isEmpty() && nulls < MOST, partition.rows(), nulls, all);
    }

    private long atMost(String where) throws SQLException {
        return Sql.of("SELECT pg_catalog.count(*) FROM (SELECT FROM ONLY " + table() + " WHERE " + where + " LIMIT "
                        + MOST + ") AS few")
                .one(connection, row -> row.getLong(1));
    }

    /** ORDER BY, because not every type has min() and max(). */
    private String end(Part part, String direction) throws SQLException {
        String column = Identifiers.quote(key);
        return Sql.of("SELECT " + column + "::pg_catalog.text FROM ONLY " + table() + " WHERE " + sql.where(part)
                        + " ORDER BY " + column + direction + " LIMIT 1")
                .first(connection, row -> row.getString(1))
                .orElse("");
    }

    private DefaultRows scannedOrSampled(List<Part> parts) throws SQLException {
        try {
            return BriefRead.of(connection, longest, () -> read(parts, WHOLE));
        } catch (SQLException e) {
            if (!PostgresErrors.QUERY_CANCELED.equals(e.getSQLState())) {
                throw e;
            }
            double percent = Math.clamp(WHOLE * SAMPLED_BYTES / partition.bytes(), 0.0001, WHOLE);
            return BriefRead.of(connection, () -> read(parts, percent));
        }
    }

    /** All stretches in one pass over the table, or over some of its blocks; should there be very many, in some. */
    private DefaultRows read(List<Part> parts, double percent) throws SQLException {
        List<Stretch> stretches = new ArrayList<>();
        long nulls = 0;
        for (int from = 0; from < parts.size(); from += MOST_PARTS) {
            List<Part> some = parts.subList(from, Math.min(parts.size(), from + MOST_PARTS));
            nulls = Sql.of(sql.all(some, percent)).one(connection, row -> add(row, some, WHOLE / percent, stretches));
        }
        return new DefaultRows(Optional.empty(), percent == WHOLE, partition.rows(), nulls, stretches);
    }

    /** Adds what was found, and tells how many rows have no key. */
    private long add(ResultSet row, List<Part> parts, double scale, List<Stretch> stretches) throws SQLException {
        for (int i = 0; i < parts.size(); i++) {
            long rows = (long) (row.getLong(3 * i + 2) * scale);
            if (rows > 0) {
                stretches.add(stretch(parts.get(i), rows, row.getString(3 * i + 3), row.getString(3 * i + 4)));
            }
        }
        return (long) (row.getLong(1) * scale);
    }

    private Stretch stretch(Part part, long rows, String lowest, String highest) {
        return new Stretch(part.gap(), part.plausible(), rows, point(lowest), point(highest));
    }

    private KeyPoint point(String text) {
        return set.key().read(text).orElse(KeyPoint.HIGHEST);
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
