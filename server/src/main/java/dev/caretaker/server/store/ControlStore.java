package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import io.micronaut.data.connection.ConnectionDefinition;
import io.micronaut.data.connection.ConnectionOperations;
import io.micronaut.jdbc.DataSourceResolver;
import io.micronaut.transaction.TransactionOperations;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Transactions on the control store, and the statements of the engine, kept as resources under {@code sql/store}. Every
 * statement is bounded in time, on the wire (see the pool), because a batch at a target waits for it.
 *
 * <p>All methods throw {@link CaretakerException} with CONTROL_STORE_UNREACHABLE if the store cannot be reached or does not
 * answer in time. Whether a write then happened is unknown.
 */
@Singleton
public class ControlStore {
    private static final Map<String, String> STATEMENTS = new ConcurrentHashMap<>();

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
        return connected(tx -> tx.list(statement, mapper, parameters));
    }

    public <T> Optional<T> first(String statement, RowMapper<T> mapper, Object... parameters) {
        return connected(tx -> tx.first(statement, mapper, parameters));
    }

    /** Rows touched. */
    public int update(String statement, Object... parameters) {
        return Witness.isPresent()
                ? transaction(tx -> tx.update(statement, parameters))
                : connected(tx -> tx.update(statement, parameters));
    }

    /**
     * Runs an action so that {@code note} becomes part of the first transaction in which the action writes something: both
     * happen or neither.
     */
    public static <T> T witnessed(Runnable note, Supplier<T> action) {
        return Witness.present(note, action);
    }

    /**
     * Several statements in one transaction, rolled back if {@code work} throws. What this thread does meanwhile through
     * stores and repositories is part of it.
     */
    public <T> T transaction(Function<Tx, T> work) {
        if (transactions.findTransactionStatus().isPresent()) {
            return connected(work);
        }
        T result = translated(() ->
                transactions.executeWrite(status -> Witness.heard(() -> work.apply(new Tx(status.getConnection())))));
        Witness.believed();
        return result;
    }

    /** One transaction, rolled back if {@code work} throws: all that this thread does meanwhile through stores. */
    public <T> T transaction(Supplier<T> work) {
        return transaction(tx -> work.get());
    }

    /** A write of a repository. Alone it needs no transaction, unless there is something to be noted in the same. */
    <T> T written(Supplier<T> write) {
        if (!Witness.isPresent()) {
            return translated(write);
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

    private <T> T connected(Function<Tx, T> work) {
        return translated(() -> connections.execute(
                ConnectionDefinition.DEFAULT, status -> work.apply(new Tx(status.getConnection()))));
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
        String state = e.getSQLState() == null ? "08000" : e.getSQLState();
        boolean unreachable = state.startsWith("08") || state.startsWith("57") || state.startsWith("53");
        return unreachable
                ? CaretakerException.of(
                        Reason.CONTROL_STORE_UNREACHABLE, "The control store does not answer: " + e.getMessage(), e)
                : CaretakerException.of(
                        Reason.INTERNAL, "A statement on the control store failed: " + e.getMessage(), e);
    }

    private static String load(String name) {
        try (InputStream in = ControlStore.class.getResourceAsStream("/sql/store/" + name + ".sql")) {
            if (in == null) {
                throw new IllegalArgumentException("no resource /sql/store/" + name + ".sql");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Statements on one connection. */
    public static final class Tx {
        private final Connection connection;

        private Tx(Connection connection) {
            this.connection = connection;
        }

        public <T> List<T> list(String statement, RowMapper<T> mapper, Object... parameters) {
            try (PreparedStatement prepared = prepare(statement, parameters);
                    ResultSet rows = prepared.executeQuery()) {
                List<T> result = new ArrayList<>();
                while (rows.next()) {
                    result.add(mapper.map(rows));
                }
                return result;
            } catch (SQLException e) {
                throw translate(e);
            }
        }

        public <T> Optional<T> first(String statement, RowMapper<T> mapper, Object... parameters) {
            List<T> rows = list(statement, mapper, parameters);
            return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
        }

        public int update(String statement, Object... parameters) {
            try (PreparedStatement prepared = prepare(statement, parameters)) {
                int rows = prepared.executeUpdate();
                if (rows > 0) {
                    Witness.wrote();
                }
                return rows;
            } catch (SQLException e) {
                throw translate(e);
            }
        }

        /** One statement with many sets of parameters, sent together. */
        public void batch(String statement, List<Object[]> parameters) {
            try (PreparedStatement prepared =
                    connection.prepareStatement(STATEMENTS.computeIfAbsent(statement, ControlStore::load))) {
                for (Object[] row : parameters) {
                    bind(prepared, row);
                    prepared.addBatch();
                }
                prepared.executeBatch();
                Witness.wrote();
            } catch (SQLException e) {
                throw translate(e);
            }
        }

        private PreparedStatement prepare(String statement, Object... parameters) throws SQLException {
            PreparedStatement prepared =
                    connection.prepareStatement(STATEMENTS.computeIfAbsent(statement, ControlStore::load));
            try {
                bind(prepared, parameters);
                return prepared;
            } catch (SQLException | RuntimeException e) {
                prepared.close();
                throw e;
            }
        }

        private static void bind(PreparedStatement prepared, Object... parameters) throws SQLException {
            for (int i = 0; i < parameters.length; i++) {
                bind(prepared, i + 1, parameters[i]);
            }
        }

        /** Text goes without a type, so that Postgres reads it as what the statement wants: text, jsonb, text[]. */
        private static void bind(PreparedStatement prepared, int index, Object value) throws SQLException {
            switch (value) {
                case null -> prepared.setNull(index, Types.NULL);
                case Optional<?> optional -> bind(prepared, index, optional.orElse(null));
                case Instant instant -> prepared.setObject(index, instant.atOffset(ZoneOffset.UTC));
                case Enum<?> constant -> prepared.setString(index, constant.name());
                case String text -> prepared.setObject(index, text, Types.OTHER);
                default -> prepared.setObject(index, value);
            }
        }
    }

    /** A timestamptz column; null stays null. */
    public static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** Reads one row; must not move the cursor. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }
}
