package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Counts the rows of a partition that is about to go, where that is asked for, or quick. */
final class PartitionCount {
    /** Nobody reads a detached partition any more, so counting it stands in nobody's way; but the run goes on. */
    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** With indexes: what is larger would take longer to be counted than to be dropped. */
    private static final long QUICKLY_COUNTED = 32L << 20;

    private final PartitionDrop drop;
    private final StepContext context;
    private final Map<String, String> details;

    /** @param details of a warning */
    PartitionCount(PartitionDrop drop, StepContext context, Map<String, String> details) {
        this.drop = drop;
        this.context = context;
        this.details = details;
    }

    DropMemory measured(Session session, DropMemory memory, Partition partition) throws SQLException {
        Optional<Long> counted =
                drop.exact() || partition.bytes() <= QUICKLY_COUNTED ? count(session, partition) : Optional.empty();
        long rows = counted.isPresent() ? counted.get() : expected(session, partition);
        return memory.measured(rows, counted.isPresent(), partition.bytes());
    }

    /** By its size now; as it was planned if the server does not say. */
    private long expected(Session session, Partition partition) throws SQLException {
        long now = DropGuard.expected(session, "SELECT FROM " + Identifiers.quote(partition.name()));
        return now > 0 ? now : drop.estimatedRows();
    }

    /** Empty if it takes too long, or cannot be done: the partition goes whether its rows are counted or not. */
    private Optional<Long> count(Session session, Partition partition) throws SQLException {
        Sql count = Sql.of("SELECT pg_catalog.count(*) FROM " + Identifiers.quote(partition.name()));
        try {
            return partition.bytes() <= QUICKLY_COUNTED
                    ? Optional.of(count.one(session.connection(), row -> row.getLong(1)))
                    : TimeLimit.within(session, LONGEST, () -> count.one(session.connection(), row -> row.getLong(1)));
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e) || PostgresErrors.isRetryable(e)) {
                throw e;
            }
            context.warn(
                    "DROP_NOT_COUNTED",
                    "The rows of partition " + partition.name() + " cannot be counted: " + PostgresErrors.whole(e),
                    details);
            return Optional.empty();
        }
    }
}
