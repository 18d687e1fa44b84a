package dev.caretaker.server.reindex;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.StatementProgress;
import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.IndexRebuildStore;
import dev.caretaker.server.store.IndexRebuildStore.Rebuild;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Totals.Space;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Rebuilds one index concurrently. Postgres builds a second one beside it (_ccnew), swaps the names, and drops the old one
 * (_ccold); so whatever happens in between, one valid index has the name, and what is left of the other is invalid. Leftovers
 * that were not there when the step began, and are named as its own would be, are dropped; others are only told of. That there
 * may be some is owed before the statement runs, see {@link IndexBuildDebt}.
 */
final class ReindexStep implements StatementStep<ReindexMemory> {
    private static final String DROP = "drop-leftover";
    /** A run that is to stop does so within two seconds: what an old transaction protects longer stays owed. */
    private static final Duration REPAIR = Duration.ofMillis(800);

    private final ReindexRequest request;
    private final StepContext context;
    private final IndexRebuildStore rebuilds;

    ReindexStep(ReindexRequest request, StepContext context, IndexRebuildStore rebuilds) {
        this.request = request;
        this.context = context;
        this.rebuilds = rebuilds;
    }

    private record Index(TableName name, long bytes) {}

    private record Successor(long oid, boolean valid, long bytes) {}

    @Override
    public long fencedOid() {
        return request.tableOid();
    }

    @Override
    public Class<ReindexMemory> memoryType() {
        return ReindexMemory.class;
    }

    /** What earlier runs of ours left was settled before, or cannot be by now. */
    @Override
    public ReindexMemory begin(Session session) throws SQLException {
        List<Leftover> foreign = Leftover.read(session.connection(), OptionalLong.of(request.tableOid()));
        if (request.refusal().isEmpty()) {
            warn(foreign);
        }
        return new ReindexMemory(
                foreign.stream().map(Leftover::oid).toList(),
                index(session).map(Index::bytes).orElse(0L),
                false);
    }

    private void warn(List<Leftover> present) {
        if (!present.isEmpty()) {
            context.warn(
                    "FOREIGN_LEFTOVERS",
                    "Table " + request.table() + " has invalid indexes that an earlier rebuild left: "
                            + String.join(
                                    ", ",
                                    present.stream()
                                            .map(one -> one.index().toString())
                                            .toList()) + ".",
                    Map.of("table", request.table().toString()));
        }
        if (request.spaceUnknown()) {
            context.warn(
                    "DISK_SPACE_UNKNOWN",
                    "Nobody said how much disk is free; the second copy of " + request.index() + " needs some.",
                    Map.of("index", request.index().toString()));
        }
    }

    @Override
    public Next<ReindexMemory> next(Session session, ReindexMemory memory) throws SQLException {
        if (request.refusal().isPresent()) {
            return new Skip<>("Index " + request.index() + " is left alone: "
                    + request.refusal().get() + ".");
        }
        // Whoever may rebuild (MAINTAIN) need not be allowed to drop.
        List<Leftover> debris = build(memory).debris(session);
        Optional<Leftover> owned = debris.stream().filter(Leftover::droppable).findFirst();
        if (owned.isPresent()) {
            return new Run<>(memory, new Statement(DROP, owned.get().dropStatement(), LockWait.DEADLINE, false));
        }
        if (debris.isEmpty()) {
            strike();
        }
        Optional<Index> index = index(session);
        Optional<Successor> successor = successor(session);
        if (index.isEmpty() && successor.isEmpty()) {
            return new Skip<>("Index " + request.index() + " is gone.");
        }
        if (index.isEmpty()) {
            return done(memory, successor.get().bytes());
        }
        if (memory.rebuilt()) {
            return new Skip<>("The server did not rebuild index " + request.index() + ".");
        }
        context.owe(IndexBuildDebt.of(build(memory)));
        String sql =
                "REINDEX INDEX CONCURRENTLY " + Identifiers.quote(index.get().name());
        return new Run<>(memory, new Statement(ReindexRequest.STEP_KIND, sql, LockWait.DEADLINE, false));
    }

    @Override
    public Gentle gentle(Session session, Statement statement) {
        return Gentle.ALONE;
    }

    private Next<ReindexMemory> done(ReindexMemory memory, long bytes) {
        rebuilds.put(new Rebuild(
                context.target(),
                request.index().schema(),
                request.index().name(),
                context.clock().instant(),
                context.runId(),
                memory.bytesBefore(),
                bytes));
        return new Done<>(
                Totals.ofSpace(
                        0, Math.max(0, memory.bytesBefore() - bytes), new Space(memory.bytesBefore(), bytes, 0, 0)),
                "Rebuilt (" + request.reason() + "): " + Amounts.bytes(memory.bytesBefore()) + " before and "
                        + Amounts.bytes(bytes) + " now.");
    }

    @Override
    public ReindexMemory completed(
            Session session, ReindexMemory memory, Statement statement, List<SQLWarning> warnings) {
        warnings.forEach(warning -> context.warn(
                "SERVER_WARNING",
                warning.getMessage(),
                Map.of("index", request.index().toString())));
        return statement.label().equals(DROP) ? memory : memory.done();
    }

    @Override
    public Optional<StatementProgress> progress(Session observer, int pid) throws SQLException {
        return Sql.resource("reindex/progress", pid)
                .first(
                        observer.connection(),
                        row -> new StatementProgress(
                                row.getString("phase"), row.getDouble("fraction"), row.getLong("bytes_done")));
    }

    @Override
    public Optional<String> repair(Session session, ReindexMemory memory) throws SQLException {
        long end = System.nanoTime() + REPAIR.toNanos();
        List<String> stay = new ArrayList<>();
        for (Leftover leftover : build(memory).debris(session)) {
            Duration left = Duration.ofNanos(end - System.nanoTime());
            LeftoverDrop.tryDrop(session.connection(), leftover, left).ifPresent(why -> stay.add(stays(leftover, why)));
        }
        if (stay.isEmpty()) {
            strike();
            return Optional.empty();
        }
        return Optional.of(String.join(" ", stay));
    }

    private IndexBuild build(ReindexMemory memory) {
        return new IndexBuild(request.index(), request.tableOid(), request.table(), memory.foreign());
    }

    private void strike() {
        context.strike(IndexBuildDebt.NAME, request.index());
    }

    private String stays(Leftover leftover, String why) {
        String sentence = "The invalid index " + leftover.index() + " stays (" + why
                + "). A server drops it as soon as that is possible; so does \"reindex leftovers --drop\", or this"
                + " statement: "
                + leftover.dropStatement() + ";";
        context.warn(
                "LEFTOVER_STAYS",
                sentence,
                Map.of("index", leftover.index().toString(), "statement", leftover.dropStatement()));
        return sentence;
    }

    private Optional<Index> index(Session session) throws SQLException {
        return Sql.resource("reindex/index", Long.toString(request.oid()))
                .first(
                        session.connection(),
                        row -> new Index(
                                new TableName(row.getString("schema"), row.getString("name")), row.getLong("bytes")));
    }

    /** The index that has taken its name: a rebuild makes a new one. */
    private Optional<Successor> successor(Session session) throws SQLException {
        return Sql.resource(
                        "reindex/index_by_name",
                        Long.toString(request.tableOid()),
                        request.index().schema(),
                        request.index().name())
                .first(
                        session.connection(),
                        row -> new Successor(row.getLong("oid"), row.getBoolean("valid"), row.getLong("bytes")))
                .filter(other -> other.oid() != request.oid() && other.valid());
    }
}
