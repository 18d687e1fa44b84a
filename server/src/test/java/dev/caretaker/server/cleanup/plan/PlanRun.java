package dev.caretaker.server.cleanup.plan;

import dev.caretaker.server.cleanup.leave.Leavings;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.plan.kept.PlannedStep;
import dev.caretaker.server.cleanup.plan.kept.Work;
import dev.caretaker.server.cleanup.step.PartitionDropKind;
import dev.caretaker.server.cleanup.step.RemovalKinds;
import dev.caretaker.server.cleanup.step.RestoredGuard;
import dev.caretaker.server.cleanup.step.RowRemoval;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.ApplicationPath;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.testing.Statements;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Does what a plan says in loops like the engine's, without its patience; follow-ups left out. */
final class PlanRun {
    private final Database database;
    private final long size;

    /** @param size of batches, in whatever unit the mechanism counts */
    PlanRun(Database database, long size) {
        this.database = database;
        this.size = size;
    }

    /** Totals of all steps; the first error ends it. */
    Totals of(Plan plan) throws SQLException {
        Totals totals = Totals.NONE;
        try (Session session = TestTargets.of("shop", database).openSession("caretaker/test")) {
            ApplicationPath.enter(session.connection());
            for (PlannedStep step : plan.steps()) {
                totals = totals.plus(run(session, step.work()));
            }
        }
        return totals;
    }

    private Totals run(Session session, Work work) throws SQLException {
        return switch (work) {
            case Work.RemoveRows rows -> removeRows(session, rows);
            case Work.DropPartition drop ->
                Statements.run(session, (StatementStep<?>)
                                new PartitionDropKind(RestoredGuard.NONE).open(drop.parameters(), Statements.warned()))
                        .totals();
            case Work.Vacuum vacuum -> Totals.NONE;
        };
    }

    private Totals removeRows(Session session, Work.RemoveRows rows) throws SQLException {
        RemovalKinds kinds = new RemovalKinds(new Leavings(Optional.empty()), RestoredGuard.NONE);
        StepKind<RowRemoval> kind = List.of(kinds.indexRange(), kinds.blockRange(), kinds.rowList()).stream()
                .filter(some -> some.name().equals(rows.mechanism().stepKind()))
                .findFirst()
                .orElseThrow();
        return batches(session, (BatchStep<?>) kind.open(rows.parameters(), Statements.warned()));
    }

    private <C extends Record> Totals batches(Session session, BatchStep<C> step) throws SQLException {
        Connection connection = session.connection();
        C cursor = step.prepare(session, Optional.empty());
        Totals totals = Totals.NONE;
        for (int number = 0; number < 10_000; number++) {
            connection.setAutoCommit(false);
            Batch<C> batch;
            try {
                batch = step.next(session, cursor, size);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                connection.setAutoCommit(true);
                step.discard();
                throw e;
            }
            connection.setAutoCommit(true);
            totals = totals.plus(batch.done());
            cursor = batch.next();
            if (batch.last()) {
                return totals.plus(step.finish(session));
            }
        }
        throw new AssertionError("no end in sight at " + cursor);
    }
}
