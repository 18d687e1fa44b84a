package dev.caretaker.server.archive.restore;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.StepRow;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Optional;

/** Attaches what was loaded, if all of it was. The server looks at every row, so that none is where it does not belong. */
final class AttachStep implements StatementStep<AttachMemory> {
    private final AttachWork work;
    private final StepContext context;
    private final RunStore runs;

    AttachStep(AttachWork work, StepContext context, RunStore runs) {
        this.work = work;
        this.context = context;
        this.runs = runs;
    }

    @Override
    public long fencedOid() {
        return work.parentOid();
    }

    @Override
    public Class<AttachMemory> memoryType() {
        return AttachMemory.class;
    }

    @Override
    public AttachMemory begin(Session session) {
        return new AttachMemory(false);
    }

    @Override
    public Next<AttachMemory> next(Session session, AttachMemory memory) throws SQLException {
        boolean loaded = runs.steps(context.runId()).stream()
                .filter(step -> step.kind().equals(RestoreKind.NAME))
                .map(StepRow::outcome)
                .allMatch(Optional.of(Outcome.COMPLETE)::equals);
        if (!loaded) {
            return new Skip<>("Not all rows were loaded, so that table " + work.partition() + " is not attached.");
        }
        if (isAttached(session)) {
            return new Done<>(
                    Totals.NONE, "Table " + work.partition() + " is a partition of " + work.parent() + " again.");
        }
        return new Run<>(
                new AttachMemory(true),
                new Statement(
                        "attach",
                        "ALTER TABLE " + Identifiers.quote(work.parent()) + " ATTACH PARTITION "
                                + Identifiers.quote(work.partition()) + " " + work.bound(),
                        LockWait.TIMEOUT,
                        true));
    }

    private boolean isAttached(Session session) throws SQLException {
        return Sql.resource(
                        "archive/is_partition",
                        work.parentOid(),
                        work.partition().schema(),
                        work.partition().name())
                .one(session.connection(), row -> row.getBoolean("attached"));
    }

    @Override
    public boolean excludesReaders(Statement statement) {
        return true;
    }

    @Override
    public AttachMemory completed(
            Session session, AttachMemory memory, Statement statement, List<SQLWarning> warnings) {
        return memory;
    }
}
