package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.run.StatementStep.Statement;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Spares a large default partition the scan under ACCESS EXCLUSIVE that an attach makes: a check constraint that excludes the
 * new range is validated first, while everybody reads and writes, and goes in the transaction of the attach. It refuses rows of
 * that range meanwhile, which is why a small default partition is rather scanned.
 */
final class DefaultGuard {
    /** Scanned within milliseconds. */
    private static final long LARGE = 16L * 1_024 * 1_024;

    private DefaultGuard() {}

    /** What has to be done before the attach; empty if nothing has to. */
    static Optional<Statement> next(StepContext context, Session session, Parent parent, String within)
            throws SQLException {
        if (parent.defaultPartition().isEmpty()) {
            return Optional.empty();
        }
        TableName name = parent.defaultName().orElseThrow();
        Optional<Boolean> validated =
                Constraints.check(session, parent.defaultPartition().get(), PartitionSql.GUARD);
        if (validated.isEmpty()) {
            if (parent.defaultBytes() < LARGE) {
                return Optional.empty();
            }
            ConstraintDebt.owe(context, parent.defaultPartition().get(), name, PartitionSql.GUARD, parent.name());
            return Optional.of(PartitionStep.transaction(
                    "guard",
                    List.of(PartitionSql.check(name, PartitionSql.GUARD, "NOT (" + within + ")") + " NOT VALID")));
        }
        return validated.get()
                ? Optional.empty()
                : Optional.of(
                        PartitionStep.transaction("guard", List.of(PartitionSql.validate(name, PartitionSql.GUARD))));
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

    /** Oid of the default partition, for locks. */
    static List<Long> locks(Parent parent) {
        return parent.defaultPartition().map(List::of).orElse(List.of());
    }
}
