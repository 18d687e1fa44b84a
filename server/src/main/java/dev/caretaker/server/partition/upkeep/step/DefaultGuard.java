package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.run.StatementStep.Statement;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.BackupLocks;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Spares a large default partition the scan under ACCESS EXCLUSIVE that an attach makes: a check constraint that excludes the
 * new ranges is validated first, while everybody reads and writes, and goes in the transaction of the last attach. It refuses rows of
 * these ranges meanwhile, which is why a small default partition is rather scanned.
 */
final class DefaultGuard {
    /** Scanned within milliseconds. */
    private static final long LARGE = 16L * 1_024 * 1_024;

    /** Labels of its statements. */
    static final String ADD = "guard";

    static final String VALIDATE = "guard-validate";

    private DefaultGuard() {}

    /** What a guard that stands already is. */
    enum Standing {
        /** That of the ranges. */
        THEIRS,
        /** One that covers the ranges and others: it is as good, if it could be validated. */
        WIDER,
        /** One of other ranges. */
        OTHERS
    }

    /**
     * What has to be done before the attach; empty if nothing has to.
     *
     * @param ranges what rows of the new partitions fulfil, one expression for each stretch without holes
     * @param standing what a guard is that stands
     */
    static Optional<Statement> next(
            StepContext context, Session session, Parent parent, List<String> ranges, Standing standing)
            throws SQLException {
        if (parent.defaultPartition().isEmpty()) {
            return Optional.empty();
        }
        TableName name = parent.defaultName().orElseThrow();
        Optional<Boolean> validated =
                Constraints.check(session, parent.defaultPartition().get(), PartitionSql.GUARD);
        boolean stays = validated.isPresent()
                && (standing == Standing.THEIRS || (standing == Standing.WIDER && validated.get()));
        if (stays) {
            return validated.get()
                    ? Optional.empty()
                    : Optional.of(PartitionStep.scan(VALIDATE, PartitionSql.validate(name, PartitionSql.GUARD)));
        }
        if (validated.isEmpty() && parent.defaultBytes() < LARGE) {
            return Optional.empty();
        }
        ConstraintDebt.owe(context, parent.defaultPartition().get(), name, PartitionSql.GUARD, parent.name());
        String none = ranges.stream().map(range -> "NOT (" + range + ")").collect(Collectors.joining(" AND "));
        List<String> statements = new ArrayList<>(release(session, parent));
        statements.add(PartitionSql.check(name, PartitionSql.GUARD, none) + " NOT VALID");
        return Optional.of(PartitionStep.transaction(ADD, statements));
    }

    /** What goes with the attach. */
    static List<String> release(Session session, Parent parent) throws SQLException {
        boolean guarded = parent.defaultPartition().isPresent()
                && Constraints.check(session, parent.defaultPartition().get(), PartitionSql.GUARD)
                        .isPresent();
        return guarded
                ? List.of(PartitionSql.dropConstraint(parent.defaultName().orElseThrow(), PartitionSql.GUARD))
                : List.of();
    }

    /** Drops it, if it stands. */
    static Optional<String> repair(StepContext context, Session session, Parent parent) throws SQLException {
        for (String statement : release(session, parent)) {
            Sql.of(statement).update(session.connection());
        }
        released(context, parent);
        return Optional.empty();
    }

    /** It is gone. */
    static void released(StepContext context, Parent parent) {
        parent.defaultName().ifPresent(name -> ConstraintDebt.strike(context, name, PartitionSql.GUARD));
    }

    /** Whether a backup holds a lock on the default partition now, so that nothing can be attached. */
    static boolean isBackedUp(Session session, Parent parent) throws SQLException {
        return parent.defaultPartition().isPresent()
                && isBackedUp(session, parent.defaultPartition().get());
    }

    /** Whether a backup holds a lock on a relation now. */
    static boolean isBackedUp(Session session, long oid) throws SQLException {
        return BackupLocks.isBackedUp(session, oid);
    }

    /** Oid of the default partition, for locks. */
    static List<Long> locks(Parent parent) {
        return parent.defaultPartition().map(List::of).orElse(List.of());
    }
}
