package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtKind;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** The check constraint of an adoption or of a guard: as long as it stands, rows are refused that nobody means to refuse. */
@Singleton
public final class ConstraintDebt implements DebtKind<StrayConstraint> {
    static final String NAME = "partition-check";

    /** Before it is added. */
    public static void owe(StepContext context, long oid, TableName table, String constraint, TableName parent) {
        context.owe(new Debt(
                NAME,
                named(table, constraint),
                parent,
                oid,
                "Constraint " + constraint + " was added to " + table
                        + "; as long as it stands, rows are refused that would go there otherwise.",
                new StrayConstraint(oid, table, constraint)));
    }

    /** It is gone. */
    public static void strike(StepContext context, TableName table, String constraint) {
        context.strike(NAME, named(table, constraint));
    }

    private static TableName named(TableName table, String constraint) {
        return new TableName(table.schema(), table.name() + " " + constraint);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<StrayConstraint> detailType() {
        return StrayConstraint.class;
    }

    @Override
    public boolean excludesReaders() {
        return true;
    }

    @Override
    public Settlement settle(Session session, StrayConstraint stray, Duration longest) throws SQLException {
        return drop(session, stray)
                ? new Settled("Constraint " + stray.constraint() + " was dropped.")
                : new Settled("Constraint " + stray.constraint() + " is gone.");
    }

    /** By the table's present name; false if there was nothing to drop. */
    static boolean drop(Session session, StrayConstraint stray) throws SQLException {
        Optional<PartitionState> table = PartitionState.read(session, stray.oid());
        if (table.isEmpty()
                || Constraints.check(session, stray.oid(), stray.constraint()).isEmpty()) {
            return false;
        }
        Sql.of(PartitionSql.dropConstraint(table.get().name(), stray.constraint()))
                .update(session.connection());
        return true;
    }
}
