package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import io.micronaut.data.connection.ConnectionDefinition;
import io.micronaut.data.connection.ConnectionOperations;
import io.micronaut.jdbc.DataSourceResolver;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Transactions on the control store, and the statements of the engine, which are named by their resources under
 * {@code sql/store}. Every statement is bounded in time, on the wire (see the pool), because a batch at a target waits for
 * it.
 *
 * <p>All methods throw {@link CaretakerException} with CONTROL_STORE_UNREACHABLE if the store cannot be reached or does not
 * answer in time. Whether a write then happened is unknown.
 */
@Singleton
public class ControlStore {
    /** SQLSTATE character_not_in_repertoire. */
    private static final String NO_CHARACTER = "22021";

    private static final Logger LOG = LoggerFactory.getLogger(ControlStore.class);

    private final Outage outage = new Outage();
    private final DataSource pool;
    private final ConnectionOperations<Connection> connections;
    private final TransactionOperations<Connection> transactions;

    ControlStore(
            DataSource pool,
            DataSourceResolver resolver,
            ConnectionOperations<Connection> connections,
            TransactionOperations<Connection> transactions) {
        this.pool = resolver.resolve(pool);
        this.connections = connections;
        this.transactions = transactions;
    }

    /** The pool itself, for libraries that bring their own statements. */
    public DataSource pool() {
        return pool;
    }

    public <T> List<T> list(String statement, RowMapper<T> mapper, Object... parameters) {
        return connected(connection -> StoredStatement.list(connection, statement, mapper, parameters));
    }

    /** Reads by a statement that is none of the store's own, such as that of a check. */
    public <T> T read(Work<T> work) {
        return connected(work);
    }

    public <T> Optional<T> first(String statement, RowMapper<T> mapper, Object... parameters) {
        return list(statement, mapper, parameters).stream().findFirst();
    }

    /** Rows touched. */
    public int update(String statement, Object... parameters) {
        return written(() -> connected(connection -> StoredStatement.update(connection, statement, parameters)));
    }

    /** One statement with many sets of parameters, sent together. */
    void batch(String statement, List<Object[]> parameters) {
        written(() -> connected(connection -> {
            StoredStatement.batch(connection, statement, parameters);
            return null;
        }));
    }

    /**
     * Runs an action so that {@code note} becomes part of the first transaction in which the action writes something: both
     * happen or neither.
     */
    public static <T> T witnessed(Runnable note, Supplier<T> action) {
        return Witness.present(note, action);
    }

    /** One transaction, rolled back if {@code work} throws: all that this thread does meanwhile through stores. */
    public <T> T transaction(Supplier<T> work) {
        if (transactions.findTransactionStatus().isPresent()) {
            return work.get();
        }
        T result = noticed(() -> transactions.executeWrite(status -> Witness.heard(work)));
        Witness.believed();
        return result;
    }

    /** A write. Alone it needs no transaction, unless there is something to be noted in the same. */
    <T> T written(Supplier<T> write) {
        if (!Witness.isPresent()) {
            return noticed(write);
        }
        return transaction(() -> {
            T result = write.get();
            if (touched(result)) {
                Witness.wrote();
            }
            return result;
        });
    }

    /** Whether a write that brought this back touched a row; one that brings back nothing is taken to. */
    private static boolean touched(@Nullable Object result) {
        return switch (result) {
            case null -> true;
            case Number rows -> rows.longValue() > 0;
            case Optional<?> row -> row.isPresent();
            case Collection<?> rows -> !rows.isEmpty();
            default -> true;
        };
    }

    /** On this thread's connection, that of its transaction if it is in one. */
    private <T> T connected(Work<T> work) {
        return noticed(() -> connections.execute(ConnectionDefinition.DEFAULT, status -> {
            try {
                T result = work.on(status.getConnection());
                outage.answered();
                return result;
            } catch (SQLException e) {
                throw translate(e);
            }
        }));
    }

    /** What the store's clock says: servers need not agree on the time. */
    public Instant now() {
        return first("clock", row -> instant(row, "now")).orElseThrow();
    }

    /** How long the store has not answered by now, as far as somebody has asked it; empty while it does. */
    public Optional<Duration> awayFor() {
        return outage.lasting();
    }

    /** How long the store did not answer, if it does again and nobody has asked about that; else zero. */
    Duration takeOutage() {
        return outage.takeOver();
    }

    /** Somebody else is to ask about it again. */
    void giveBackOutage(Duration taken) {
        outage.giveBack(taken);
    }

    /** Asks the store something, so that the log tells if it does not answer. */
    public void probe() {
        try {
            connected(connection -> connection.isValid(0));
        } catch (CaretakerException e) {
            LOG.debug("the control store does not answer: {}", e.getMessage());
        }
    }

    private <T> T noticed(Supplier<T> work) {
        try {
            return translated(work);
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                outage.failed(e.getMessage());
            }
            throw e;
        }
    }

    /** Says in our words what libraries say of the control store in theirs. */
    static <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (CaretakerException e) {
            throw e;
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    throw translate(sql);
                }
            }
            throw e;
        }
    }

    private static CaretakerException translate(SQLException e) {
        if (NO_CHARACTER.equals(e.getSQLState())) {
            return CaretakerException.of(
                    Reason.INVALID_FIELD, "A text holds a character that PostgreSQL cannot keep, such as U+0000.", e);
        }
        return isOutage(e)
                ? CaretakerException.of(
                        Reason.CONTROL_STORE_UNREACHABLE, "The control store does not answer: " + e.getMessage(), e)
                : CaretakerException.of(
                        Reason.INTERNAL, "A statement on the control store failed: " + e.getMessage(), e);
    }

    /** SQLSTATE classes 08 (connection), 53 (no connection left) and 57 (shut down, starting up, or our own time limit). */
    static boolean isOutage(SQLException e) {
        String state = e.getSQLState() == null ? "08000" : e.getSQLState();
        return state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    /** A timestamptz column; null stays null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** What is done on a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Reads one row; must not move the cursor. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }
}
