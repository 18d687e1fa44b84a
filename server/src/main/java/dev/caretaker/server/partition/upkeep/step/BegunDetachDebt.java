package dev.caretaker.server.partition.upkeep.step;

import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtKind;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** A pending detach: the rows of the partition are invisible, and rows of its range are refused, until it is finalized. */
@Singleton
public final class BegunDetachDebt implements DebtKind<BegunDetach> {
    static final String NAME = "partition-detach";

    /** Before it is begun. */
    static void owe(StepContext context, BegunDetach begun) {
        context.owe(new Debt(
                NAME,
                begun.partition(),
                begun.parent(),
                begun.oid(),
                "A detach of partition " + begun.partition() + " from " + begun.parent()
                        + " was begun; until it is finalized its rows are invisible and rows of its range are refused.",
                begun));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<BegunDetach> detailType() {
        return BegunDetach.class;
    }

    @Override
    public boolean excludesReaders() {
        return true;
    }

    @Override
    public Settlement settle(Session session, BegunDetach begun, Duration longest) throws SQLException {
        Optional<PartitionState> state = PartitionState.read(session, begun.oid());
        boolean pending = state.filter(found -> found.pending() && found.parentOid() == begun.parentOid())
                .isPresent();
        if (!pending) {
            return new Settled("No detach of " + begun.partition() + " is pending.");
        }
        String before = Sql.of("SELECT pg_catalog.current_setting('statement_timeout')")
                .one(session.connection(), row -> row.getString(1));
        limit(session, Math.max(1, longest.toMillis()) + "ms");
        try {
            Sql.of(PartitionSql.detach(begun.parent(), state.get().name()) + " FINALIZE")
                    .update(session.connection());
            return new Settled("The detach of " + begun.partition() + " was finalized.");
        } catch (SQLException e) {
            if (PostgresErrors.isTimeout(e)) {
                return new StillOpen("The detach of " + begun.partition()
                        + " waits for transactions that are older than it; it is finalized when they have ended.");
            }
            throw e;
        } finally {
            limit(session, before);
        }
    }

    private static void limit(Session session, String timeout) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config('statement_timeout', ?, false)", timeout)
                .one(session.connection(), row -> row.getString(1));
    }
}
