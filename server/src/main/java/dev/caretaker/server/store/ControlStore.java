package dev.caretaker.server.store;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
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
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Statements on the control store, kept as resources under {@code sql/store}. Every statement is bounded in time, on the
 * wire too, because a batch at a target waits for it.
 *
 * <p>All methods throw {@link CaretakerException} with CONTROL_STORE_UNREACHABLE if the store cannot be reached or does not
 * answer in time. Whether a write then happened is unknown.
 */
@Singleton
public class ControlStore {
    /** Longest wait for an answer. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Map<String, String> STATEMENTS = new ConcurrentHashMap<>();

    private static final ScopedValue<Witness> WITNESS = ScopedValue.newInstance();

    private final DataSource pool;

    public ControlStore(DataSource pool) {
        this.pool = pool;
    }

    /** The pool itself, for libraries that bring their own statements. */
    public DataSource pool() {
        return pool;
    }

    public <T> List<T> list(String statement, RowMapper<T> mapper, Object... parameters) {
        return once(tx -> tx.list(statement, mapper, parameters));
    }

    public <T> Optional<T> first(String statement, RowMapper<T> mapper, Object... parameters) {
        return once(tx -> tx.first(statement, mapper, parameters));
    }

    /** Rows touched. */
    public int update(String statement, Object... parameters) {
        return WITNESS.isBound()
                ? transaction(tx -> tx.update(statement, parameters))
                : once(tx -> tx.update(statement, parameters));
    }

    /**
     * Runs an action so that {@code note} becomes part of the first transaction in which the action writes something: both
     * happen or neither.
     */
    public static <T> T witnessed(Consumer<Tx> note, Supplier<T> action) {
        return ScopedValue.where(WITNESS, new Witness(note)).call(action::get);
    }

    /** Several statements in one transaction, rolled back if {@code work} throws. */
    public <T> T transaction(Function<Tx, T> work) {
        return connected(connection -> {
            connection.setAutoCommit(false);
            try {
                Tx tx = new Tx(connection);
                T result = work.apply(tx);
                boolean testified =
                        tx.wrote && WITNESS.isBound() && WITNESS.get().testify(tx);
                connection.commit();
                if (testified) {
                    WITNESS.get().done = true;
                }
                return result;
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        });
    }

    private <T> T once(Function<Tx, T> work) {
        return connected(connection -> {
            connection.setAutoCommit(true);
            return work.apply(new Tx(connection));
        });
    }

    private <T> T connected(Connected<T> work) {
        try (Connection connection = pool.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, (int) TIMEOUT.toMillis());
            return work.apply(connection);
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    static CaretakerException translate(SQLException e) {
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
        private boolean wrote;

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
                wrote |= rows > 0;
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
                wrote |= !parameters.isEmpty();
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

    /** Takes its note in transaction after transaction until one of them is committed. */
    private static final class Witness {
        private final Consumer<Tx> note;
        private boolean done;

        Witness(Consumer<Tx> note) {
            this.note = note;
        }

        boolean testify(Tx tx) {
            if (done) {
                return false;
            }
            note.accept(tx);
            return true;
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

    @FunctionalInterface
    private interface Connected<T> {
        T apply(Connection connection) throws SQLException;
    }
}
