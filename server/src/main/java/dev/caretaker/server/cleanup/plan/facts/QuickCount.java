package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.catalog.Relation;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Counts where that is sure to be quick, so that a plan has no step for nothing: an index leads to the eligible rows and they
 * are few, or the table is small. Used for one policy.
 */
public final class QuickCount {
    /** Rows beyond which they are not few. */
    static final long FEW = 10_000;
    /** A table of so many pages (16 MB) is read in less than a tenth of a second. */
    private static final long SMALL_PAGES = RowSample.LEAST_PAGES;

    private static final Duration LONGEST = Duration.ofMillis(500);

    private final Asking asking;
    /** For all relations of the policy together: it may have thousands of partitions. */
    private Duration left = Duration.ofSeconds(2);

    public QuickCount(Asking asking) {
        this.asking = asking;
    }

    /**
     * What was counted.
     *
     * @param rows eligible ones
     * @param more whether there are more than {@code rows}, at least one
     * @param tableRows all rows of the table, if they were counted, too
     */
    public record Counted(long rows, boolean more, OptionalLong tableRows) {}

    /** Empty if it is not sure to be quick, or was not. */
    Optional<Counted> of(Policy policy, Relation relation, Eligibility eligible) throws SQLException {
        boolean led = isLed(policy, relation);
        Optional<Counted> along = led ? few(eligible, eligible.predicate()) : Optional.empty();
        boolean enough = along.isPresent() && !along.get().more();
        return enough || !isSmall(relation) ? along : all(eligible).or(() -> along);
    }

    /** Whether there is no row that only references keep from being eligible; false also if that is not to be told quickly. */
    boolean nothingHeld(Policy policy, Relation relation, Eligibility eligible) throws SQLException {
        if (eligible.pinnedBy().isEmpty()) {
            return true;
        }
        return (isLed(policy, relation) || isSmall(relation))
                && few(eligible, eligible.pinned())
                        .filter(held -> held.rows() == 0)
                        .isPresent();
    }

    private static boolean isLed(Policy policy, Relation relation) {
        return IndexPaths.best(relation.indexes(), policy.timeColumn().name(), policy.filter())
                .isPresent();
    }

    private static boolean isSmall(Relation relation) {
        return relation.size().measured() && relation.size().heap() <= SMALL_PAGES * Storage.PAGE_BYTES;
    }

    /**
     * Up to {@link #FEW}. With a plan for few rows, although statistics may promise many: then the server would read the table
     * until it met some.
     */
    public Optional<Counted> few(Eligibility eligible, SqlFragment condition) throws SQLException {
        SqlFragment query = SqlFragment.of("SELECT pg_catalog.count(*) FROM (SELECT 1 FROM ONLY "
                        + Identifiers.quote(eligible.table()) + " AS t WHERE ")
                .then("", condition)
                .then("", SqlFragment.of(" LIMIT " + (FEW + 1) + ") AS matching"));
        return within(() -> {
            Sql.of("SET LOCAL enable_seqscan TO off; SET LOCAL enable_bitmapscan TO off")
                    .update(asking.connection());
            long rows = query.statement().one(asking.connection(), row -> row.getLong(1));
            return new Counted(Math.min(rows, FEW), rows > FEW, OptionalLong.empty());
        });
    }

    private Optional<Counted> all(Eligibility eligible) throws SQLException {
        SqlFragment query = SqlFragment.of("SELECT pg_catalog.count(*) AS all_rows, pg_catalog.count(*) FILTER (WHERE ")
                .then("", eligible.predicate())
                .then(
                        "",
                        SqlFragment.of(
                                ") AS eligible_rows FROM ONLY " + Identifiers.quote(eligible.table()) + " AS t"));
        return within(() -> query.statement()
                .one(
                        asking.connection(),
                        row -> new Counted(
                                row.getLong("eligible_rows"), false, OptionalLong.of(row.getLong("all_rows")))));
    }

    private Optional<Counted> within(Asking.Work<Counted> work) throws SQLException {
        if (!left.isPositive()) {
            return Optional.empty();
        }
        long begin = System.nanoTime();
        try {
            return asking.quickly(LONGEST.compareTo(left) < 0 ? LONGEST : left, work);
        } finally {
            left = left.minusNanos(System.nanoTime() - begin);
        }
    }
}
