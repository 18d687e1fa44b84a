package dev.caretaker.server.run.engine;

import dev.caretaker.server.run.StatementProgress;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.Step;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.run.StepKind;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs given statements one after the other, noting each in its memory. */
record RunStatements(Parameters parameters) implements StatementStep<RunStatements.Memory> {

    /**
     * @param oid relation to fence
     * @param statements in order
     * @param lockWait of all
     * @param repair statement that removes debris; empty if none
     * @param mustFinish whether the step must be brought to its end once the first statement is done
     */
    record Parameters(long oid, List<String> statements, LockWait lockWait, String repair, boolean mustFinish) {
        static Parameters of(long oid, String... statements) {
            return new Parameters(oid, List.of(statements), LockWait.TIMEOUT, "", false);
        }
    }

    /** @param done statements that are done */
    record Memory(int done, int warnings) {}

    @Singleton
    @Requires(property = "test.engine")
    static final class Kind implements StepKind<Parameters> {
        @Override
        public String name() {
            return "test-statements";
        }

        @Override
        public Class<Parameters> parameterType() {
            return Parameters.class;
        }

        @Override
        public Step open(Parameters parameters, StepContext context) {
            return new RunStatements(parameters);
        }
    }

    @Override
    public long fencedOid() {
        return parameters.oid();
    }

    @Override
    public Class<Memory> memoryType() {
        return Memory.class;
    }

    @Override
    public Memory begin(Session session) {
        return new Memory(0, 0);
    }

    @Override
    public Next<Memory> next(Session session, Memory memory) {
        if (memory.done() == parameters.statements().size()) {
            return new Done<>(Totals.NONE, memory.done() + " statements, " + memory.warnings() + " warnings");
        }
        String sql = parameters.statements().get(memory.done());
        return new Run<>(memory, new Statement("statement-" + memory.done(), sql, parameters.lockWait(), false));
    }

    @Override
    public Memory completed(Session session, Memory memory, Statement statement, List<SQLWarning> warnings) {
        return new Memory(memory.done() + 1, memory.warnings() + warnings.size());
    }

    /** Seen by a statement that asks for its work_mem. */
    @Override
    public Gentle gentle(Session session, Statement statement) {
        return new Gentle(Map.of("work_mem", "123kB"), Duration.ofMillis(2));
    }

    @Override
    public Optional<StatementProgress> progress(Session observer, int pid) throws SQLException {
        return Sql.of("SELECT state FROM pg_stat_activity WHERE pid = ?", pid)
                .first(observer.connection(), row -> new StatementProgress(row.getString(1), 0.5, 0));
    }

    @Override
    public Optional<String> repair(Session session, Memory memory) throws SQLException {
        if (!parameters.repair().isEmpty()) {
            Sql.of(parameters.repair()).update(session.connection());
        }
        return Optional.empty();
    }

    @Override
    public boolean mustFinish(Memory memory) {
        return parameters.mustFinish() && memory.done() > 0;
    }
}
