package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Asks where the rows lie that refer to rows of partitions, in a partitioned table that references itself. Postgres detaches
 * no partition while a row of the table refers to one of it, not even a row of the partition itself.
 */
final class PartitionReferrers {
    /** For all partitions together: what is not known by then is taken to be referred to by newer rows alone. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Asking asking;
    private final PolicyFacts facts;

    PartitionReferrers(Asking asking, PolicyFacts facts) {
        this.asking = asking;
        this.facts = facts;
    }

    /** Partition that may be dropped → relations with referring rows, by oid. */
    Map<Long, Set<Long>> read() throws SQLException {
        Map<Long, Set<Long>> referrers = new HashMap<>();
        List<ForeignKey> keys = facts.keys().stream()
                .filter(key ->
                        facts.circularKeys().contains(key.oid()) && facts.tree().get(key.childOid()) != null)
                .toList();
        long end = System.nanoTime() + PATIENCE.toNanos();
        if (!keys.isEmpty()) {
            for (Piece piece : Pieces.of(facts)) {
                Duration left = Duration.ofNanos(end - System.nanoTime());
                if (piece instanceof Piece.Drop drop && left.toMillis() > 0) {
                    read(drop.relation(), keys, left, referrers);
                }
            }
        }
        return referrers;
    }

    private void read(Relation partition, List<ForeignKey> keys, Duration left, Map<Long, Set<Long>> referrers)
            throws SQLException {
        Set<Long> found = new HashSet<>();
        try {
            for (ForeignKey key : keys) {
                String match = Eligibilities.referencing(key).match("c", column -> "p." + Identifiers.quote(column));
                Sql query = SqlFragment.of("SELECT DISTINCT CAST(c.tableoid AS bigint) FROM "
                                + Identifiers.quote(partition.name()) + " AS p JOIN " + Identifiers.quote(key.child())
                                + " AS c ON " + match)
                        .statement();
                found.addAll(asking.within(left, () -> query.list(asking.connection(), row -> row.getLong(1))));
            }
            referrers.put(partition.oid(), found);
        } catch (SQLException e) {
            if (!PostgresErrors.isTimeout(e)) {
                throw e;
            }
        }
    }
}
