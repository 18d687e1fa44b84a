package dev.caretaker.server.testing;

import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Debt;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Runs statement steps in a loop like the engine's, without its patience. */
public final class Statements {
    private Statements() {}

    /** How a step ended. */
    public record End(boolean skipped, String message, Totals totals) {}

    public static <M extends Record> End run(Session session, StatementStep<M> step) throws SQLException {
        return run(session, step, step.begin(session));
    }

    public static <M extends Record> End run(Session session, StatementStep<M> step, M begin) throws SQLException {
        M memory = begin;
        for (int i = 0; i < 20; i++) {
            switch (step.next(session, memory)) {
                case StatementStep.Done<M> done -> {
                    return new End(false, done.message(), done.totals());
                }
                case StatementStep.Failed<M> failed -> throw failed.error();
                case StatementStep.Skip<M> skip -> {
                    return new End(true, skip.reason(), Totals.NONE);
                }
                case StatementStep.OverLimit<M> over -> throw new AssertionError(over.reason());
                case StatementStep.Later<M> later -> memory = later.memory();
                case StatementStep.Await<M> awaiting -> memory = awaiting.memory();
                case StatementStep.Again<M> again -> memory = again.memory();
                case StatementStep.Run<M> run -> memory = execute(session, step, run);
            }
        }
        throw new AssertionError("no end in sight at " + memory);
    }

    /** One statement as the engine would run it; the memory after it. */
    public static <M extends Record> M execute(Session session, StatementStep<M> step, StatementStep.Run<M> run)
            throws SQLException {
        Connection connection = session.connection();
        List<SQLWarning> warnings = new ArrayList<>();
        connection.setAutoCommit(!run.statement().transactional());
        try (Statement statement = connection.createStatement()) {
            if (run.statement().transactional()) {
                step.verify(session, run.memory(), run.statement());
            }
            statement.execute(run.statement().sql());
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                warnings.add(warning);
            }
            if (run.statement().transactional()) {
                connection.commit();
            }
        } catch (SQLException e) {
            if (!connection.getAutoCommit()) {
                connection.rollback(); // as the engine does before it asks what the error means
            }
            Optional<M> goesOn = step.tolerate(run.memory(), run.statement(), e);
            if (goesOn.isPresent()) {
                return goesOn.get();
            }
            throw step.explain(run.statement(), e)
                    .map(known -> (RuntimeException) known)
                    .orElseThrow(() -> e);
        } finally {
            connection.setAutoCommit(true);
        }
        return step.completed(session, run.memory(), run.statement(), warnings);
    }

    /**
     * Runs a step to its end, and tells by their labels how many milliseconds its transactional statements may wait for each lock
     * after the main one, once locks were not had often.
     */
    public static <M extends Record> Map<String, Long> laterWaits(Session session, StatementStep<M> step)
            throws SQLException {
        Map<String, Long> waits = new HashMap<>();
        M memory = step.begin(session);
        for (int i = 0; i < 20; i++) {
            switch (step.next(session, memory)) {
                case StatementStep.Run<M> run -> {
                    if (run.statement().transactional()) {
                        for (int failure = 0; failure < 10; failure++) {
                            laterWait(session, step, run);
                            step.explain(
                                    run.statement(), new SQLException("not had", PostgresErrors.LOCK_NOT_AVAILABLE));
                        }
                        waits.put(run.statement().label(), laterWait(session, step, run));
                    }
                    memory = execute(session, step, run);
                }
                case StatementStep.Later<M> later -> memory = later.memory();
                case StatementStep.Await<M> awaiting -> memory = awaiting.memory();
                case StatementStep.Again<M> again -> memory = again.memory();
                default -> {
                    return waits;
                }
            }
        }
        throw new AssertionError("no end in sight at " + memory);
    }

    private static <M extends Record> long laterWait(Session session, StatementStep<M> step, StatementStep.Run<M> run)
            throws SQLException {
        Connection connection = session.connection();
        connection.setAutoCommit(false);
        try {
            step.verify(session, run.memory(), run.statement());
            return Sql.of("SELECT setting::pg_catalog.int8 FROM pg_catalog.pg_settings WHERE name = 'lock_timeout'")
                    .one(connection, row -> row.getLong(1));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** A run whose earlier steps did this. */
    public static StepContext after(Map<TableName, Totals> done) {
        return context(done, (code, message) -> {
            throw new AssertionError("unexpected warning " + code + ": " + message);
        });
    }

    /** A run in which warnings are as they should be. */
    public static StepContext warned() {
        return context(Map.of(), (code, message) -> {});
    }

    /** A run that tells the codes of its warnings. */
    public static StepContext warning(Consumer<String> codes) {
        return context(Map.of(), (code, message) -> codes.accept(code));
    }

    private static StepContext context(Map<TableName, Totals> done, BiConsumer<String, String> warned) {
        return new StepContext() {
            @Override
            public UUID runId() {
                return new UUID(0, 0);
            }

            @Override
            public Optional<UUID> planId() {
                return Optional.empty();
            }

            @Override
            public Actor startedBy() {
                return new Actor("test", false);
            }

            @Override
            public String target() {
                return "test";
            }

            @Override
            public TableName table() {
                return new TableName("public", "test");
            }

            @Override
            public Clock clock() {
                return Clock.systemUTC();
            }

            @Override
            public long epoch() {
                return 1;
            }

            @Override
            public Optional<Instant> deadline() {
                return Optional.empty();
            }

            @Override
            public Map<TableName, Totals> doneSoFar() {
                return done;
            }

            @Override
            public long rowsLeft() {
                return Long.MAX_VALUE;
            }

            @Override
            public void owe(Debt debt) {}

            @Override
            public void oweForNext(Debt debt) {}

            @Override
            public void strike(String kind, TableName object) {}

            @Override
            public boolean failedBefore(Reason reason) {
                return false;
            }

            @Override
            public List<DebtView> debtsOfOthers() {
                return List.of();
            }

            @Override
            public void warn(String code, String message, Map<String, String> metadata) {
                warned.accept(code, message);
            }
        };
    }
}
