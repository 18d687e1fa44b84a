package dev.caretaker.server.run;

import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** One batch: the step's work, deferred constraints, outside effects, the journal, the commit. */
final class BatchTransaction {
    /** Two statements in one round trip: deferred triggers and constraints fire before anything is journalled. */
    private static final String SEAL = "SET CONSTRAINTS ALL IMMEDIATE;"
            + " SELECT pg_catalog.pg_current_xact_id_if_assigned()::text,"
            + " (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";

    private static final String POSITION = "SELECT (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";

    private final StepScope scope;
    private final Session session;
    private final StepJournal journal;
    /** Where the write-ahead log stood when the batch before ended; 0 if a wait makes that meaningless. */
    private long walPosition;

    BatchTransaction(StepScope scope, Session session) {
        this.scope = scope;
        this.session = session;
        this.journal = scope.journal();
    }

    /**
     * A batch that was committed.
     *
     * @param work time until it was ready to be journalled
     * @param overhead time for journal and commit
     */
    record Committed<C extends Record>(Batch<C> batch, Duration work, Duration overhead, long walBytes) {
        Duration took() {
            return work.plus(overhead);
        }
    }

    private record Seal(Optional<String> xid, long walPosition) {}

    /**
     * Does one batch, rolled back if anything throws.
     *
     * @return empty if it was rolled back because it would have gone over the policy's row limit, or because the run ends
     */
    <C extends Record> Optional<Committed<C>> run(BatchStep<C> step, C from, long size, Monitor monitor)
            throws SQLException, IOException {
        Connection connection = session.connection();
        boolean committing = false;
        try {
            connection.setAutoCommit(false);
            monitor.takeOff();
            if (walPosition == 0) {
                walPosition = walPosition(connection);
            }
            long began = System.nanoTime();
            Batch<C> batch = step.next(session, from, size);
            Seal seal = seal(connection);
            step.makeDurable();
            monitor.land();
            if (batch.done().rowsDeleted() > scope.rowsLeft()) {
                rollback(step, null);
                return Optional.empty();
            }
            long ready = System.nanoTime();
            long walBytes = Math.max(0, seal.walPosition() - walPosition);
            Totals done = batch.done().plus(measured(batch, walBytes, Duration.ofNanos(ready - began)));
            Pending pending = new Pending(
                    "batch",
                    session.identity(),
                    seal.xid(),
                    Optional.of(Json.tree(batch.next())),
                    done,
                    batch.fraction(),
                    scope.clock().instant());
            scope.control().update(journal.begin(pending));
            scope.gate().beforeCommit(scope.run().id());
            scope.control().requireLease();
            if (scope.control().inFlight().isPresent()) {
                rollback(step, null);
                journal.didNotHappen();
                return Optional.empty();
            }
            committing = true;
            connection.commit();
            journal.happened();
            long ended = System.nanoTime();
            walPosition = seal.walPosition();
            return Optional.of(
                    new Committed<>(batch, Duration.ofNanos(ready - began), Duration.ofNanos(ended - ready), walBytes));
        } catch (SQLException | IOException | RuntimeException e) {
            monitor.land();
            boolean inDoubt = committing && scope.failure(e).kind() == Failure.Kind.CONNECTION;
            rollback(step, e);
            if (!inDoubt) {
                journal.didNotHappen();
            }
            throw e;
        }
    }

    /** The session waited: what others wrote meanwhile is not ours. */
    void waited() {
        walPosition = 0;
    }

    /** What only looked for work is no batch: a run that does nothing else makes no progress. */
    private static Totals measured(Batch<?> batch, long walBytes, Duration busy) {
        return batch.searched() ? Totals.ofStatement(walBytes, busy) : Totals.ofBatch(walBytes, busy);
    }

    private void rollback(BatchStep<?> step, Exception cause) throws SQLException {
        try {
            session.connection().rollback();
        } catch (SQLException e) {
            if (cause == null) {
                throw e;
            }
            cause.addSuppressed(e);
        } finally {
            step.discard();
        }
    }

    private static Seal seal(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(SEAL);
            statement.getMoreResults();
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return new Seal(Optional.ofNullable(row.getString(1)), row.getLong(2));
            }
        }
    }

    /** Bytes of write-ahead log that the server ever wrote. */
    static long walPosition(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(POSITION)) {
            row.next();
            return row.getLong(1);
        }
    }
}
