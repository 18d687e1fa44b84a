package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.cleanup.leave.Leaving;
import dev.caretaker.server.cleanup.leave.Leavings;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.Breather;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Deletes rows in place. First a {@linkplain Pass pass} with the step's own walk. Rows may move (UPDATE) out of its way
 * meanwhile; so then come {@linkplain Sweeps sweeps}, which list what is eligible in a fresh snapshot and delete by that list,
 * until one lists nothing. After {@value RemovalCursor#SWEEPS} of them one plain DELETE is tried for a short while, and what is
 * left is counted as residual.
 *
 * <p>A look at the table after its pass is spared where the pass itself went by such a list, and where {@link Stillness} shows
 * that nobody wrote meanwhile.
 */
final class RemovalStep implements BatchStep<RemovalCursor> {
    /** Longest plain DELETE at the end: it holds its row locks that long. */
    private static final Duration LAST_DELETE = Duration.ofSeconds(5);

    private final RowRemoval removal;
    private final StepContext context;
    private final RestoredGuard restored;
    private final TableWalk walk;
    private final Leaving leaving;
    private final Deletion deletion;
    private final Cascades cascades;
    private final EligibleRows rows;
    private final Leftovers leftovers;
    private final Pass pass;
    private final Sweeps sweeps;
    private final RowsInDoubt inDoubt;
    private final TableFile file;
    private Leftovers.End end = Leftovers.End.UNKNOWN;
    /** Whether triggers or foreign keys fire for each row: what that costs, the first batches tell. */
    private boolean fires;

    RemovalStep(
            RowRemoval removal, StepContext context, TableWalk.Maker walks, Leavings leavings, RestoredGuard restored) {
        this.restored = restored;
        this.removal = removal;
        this.context = context;
        this.rows = new EligibleRows(removal.eligible());
        this.cascades = new Cascades(removal);
        WaysOut ways = WaysOut.of(removal, context, leavings);
        this.leaving = ways.own();
        this.deletion = new Deletion(removal, rows, cascades, leaving, ways.together(), ways.children());
        this.walk = walks.make(removal, rows, deletion);
        this.leftovers = new Leftovers(removal.unheld(), context);
        this.pass = new Pass(walk, deletion, removal.averageRowBytes());
        this.sweeps = new Sweeps(removal, rows, deletion);
        this.inDoubt = new RowsInDoubt(removal, walk);
        this.file = new TableFile(removal, walk, sweeps);
    }

    @Override
    public long fencedOid() {
        return removal.eligible().oid();
    }

    @Override
    public Class<RemovalCursor> cursorType() {
        return RemovalCursor.class;
    }

    @Override
    public void requireUnchanged(Session session) throws SQLException {
        Relation.asPlanned(session, removal);
        deletion.requireKept(session);
    }

    @Override
    public BatchSizing sizing() {
        return fires ? walk.sizing().careful() : walk.sizing();
    }

    @Override
    public void breathing(Breather breather) {
        sweeps.breathing(breather);
    }

    @Override
    public RemovalCursor prepare(Session session, Optional<RemovalCursor> stored) throws SQLException {
        restored.require(context, removal.cutoff());
        long relfilenode = file.open(session);
        if (removal.byRoot().isPresent()) {
            rows.by(removal.byRoot().get(), session);
        }
        if (!cascades.countable(session)) {
            context.warn(
                    "CASCADES_NOT_COUNTED",
                    "The server does not count rows (track_counts is off), so rows that go through foreign keys of "
                            + removal.eligible().table() + " are not counted.",
                    Map.of("table", removal.eligible().table().toString()));
        }
        fires = Sql.resource(
                        "cleanup/step/fires", Long.toString(removal.eligible().oid()))
                .one(session.connection(), row -> row.getBoolean("fires"));
        deletion.open(session);
        pass.open(session, removal.touchesNothingElse() || reachesOthersByKeysOnly() && !cascades.comeBack(session));
        sweeps.forget();
        leaving.resume(stored.map(RemovalCursor::archived).orElse(List.of()));
        return stored.map(cursor -> file.in(cursor.withoutList())).orElseGet(() -> walk.start(relfilenode));
    }

    @Override
    public Batch<RemovalCursor> next(Session session, RemovalCursor from, long size) throws SQLException {
        joinCheaply(session);
        leaving.begin(session, from.archived(), false);
        Batch<RemovalCursor> batch = kept(work(session, from, size));
        deletion.requireKept(session);
        return verified(session, batch);
    }

    /** The cursor says how far what left the database counts. */
    private Batch<RemovalCursor> kept(Batch<RemovalCursor> batch) {
        List<PartMark> marks = leaving.end();
        if (marks.isEmpty()) {
            return batch;
        }
        Totals done =
                batch.done().rowsDeleted() > 0 ? batch.done().plus(Totals.ofArchived(leaving.written())) : batch.done();
        return new Batch<>(
                batch.next().archivedTo(marks), batch.last(), done, batch.fill(), batch.fraction(), batch.phase());
    }

    /** What was deleted before keeps the table locked, and what keeps rows: they are still what they were. */
    @Override
    public Batch<RemovalCursor> more(Session session, RemovalCursor from, long size) throws SQLException {
        leaving.begin(session, from.archived(), true);
        Batch<RemovalCursor> batch = kept(work(session, from, size));
        boolean locked = file.xid().isPresent();
        if (locked) {
            return file.in(batch);
        }
        deletion.requireKept(session);
        return verified(session, batch);
    }

    private Batch<RemovalCursor> work(Session session, RemovalCursor from, long size) throws SQLException {
        RemovalBatch batch = switch (from.phase()) {
            case PASS -> pass.next(session, from, size);
            case SWEEP -> sweeps.next(session, from, size);
            case LAST_DELETE -> lastDelete(session, from);
        };
        end = batch.end();
        return batch.done();
    }

    private Batch<RemovalCursor> verified(Session session, Batch<RemovalCursor> batch) throws SQLException {
        Batch<RemovalCursor> verified = file.verified(session, batch);
        pass.worked(file.xid());
        return verified;
    }

    @Override
    public long sizedSince() {
        return deletion.since();
    }

    /**
     * Parts of a pass or of a list have no row in common. Rows that they reach through foreign keys they may: a batch waits for
     * those until the one before it, which has nothing left to wait for, is committed, and finds them as that left them. Where
     * code of users runs, nobody knows what it holds beyond a commit.
     */
    @Override
    public boolean overlaps() {
        return leaving.overlaps() && (removal.touchesNothingElse() || reachesOthersByKeysOnly());
    }

    private boolean reachesOthersByKeysOnly() {
        return removal.touchesByKeysOnly() && !deletion.runsCodeOfUsers();
    }

    @Override
    public boolean divides() {
        return true;
    }

    /** Where another pass or list begins, it depends on what is gone. */
    @Override
    public boolean mayOverlap(RemovalCursor at) {
        return !at.position().equals(Position.START) && leaving.mayOverlap(at.archived());
    }

    @Override
    public void lookAhead(Session idle, long size, BooleanSupplier wanted) throws SQLException {
        joinCheaply(idle);
        long[] listed = sweeps.upcoming();
        if (listed.length == 0) {
            walk.lookAhead(idle, size, wanted);
        } else {
            rows.readAhead(idle, listed, wanted);
        }
    }

    private void joinCheaply(Session session) throws SQLException {
        if (!removal.eligible().pinnedBy().isEmpty()) {
            PlannerSettings.withoutMergeJoins(session);
        }
    }

    private RemovalBatch lastDelete(Session session, RemovalCursor from) throws SQLException {
        if (!removal.kinship().isNone() || !removal.children().isEmpty()) {
            // A plain DELETE would fail for the rows that are held, and keep no children.
            return RemovalBatch.of(new Batch<>(from, true, Totals.NONE, 1, -1, "last look"));
        }
        Optional<Removed> removed = TimeLimit.within(session, LAST_DELETE, () -> deletion.everything(session));
        if (removed.isEmpty()) {
            leaving.undo();
        }
        Totals totals = removed.orElse(Removed.NOTHING).totals(removal.averageRowBytes());
        return new RemovalBatch(
                new Batch<>(from, true, totals, 1, -1, "last delete"),
                removed.isPresent() ? Leftovers.End.UNKNOWN : Leftovers.End.SOME_LEFT);
    }

    @Override
    public void makeDurable(RemovalCursor reached) {
        leaving.makeDurable(reached.archived());
    }

    @Override
    public void discard() {
        end = Leftovers.End.UNKNOWN;
        sweeps.discard();
        pass.discard();
        deletion.discard();
        leaving.discard();
    }

    @Override
    public boolean goesOnBehind() {
        return leaving.outside();
    }

    @Override
    public Optional<RemovalCursor> startedOver(RemovalCursor cursor) {
        return cursor.archived().isEmpty()
                ? Optional.empty()
                : Optional.of(walk.start(cursor.relfilenode()).archivedTo(cursor.archived()));
    }

    @Override
    public void leave() {
        leaving.leave();
    }

    @Override
    public Duration planning(Session session) throws SQLException {
        Duration planning = Duration.ZERO;
        for (SqlFragment statement :
                Stream.concat(walk.latest(), deletion.latest()).toList()) {
            planning = planning.plus(ServerPlan.planningTime(session, statement));
        }
        return planning;
    }

    @Override
    public long remaining(Session session, RemovalCursor from, RemovalCursor to) throws SQLException {
        return inDoubt.remaining(session, from, to);
    }

    @Override
    public boolean undone(Session session, RemovalCursor from, RemovalCursor to, String since) throws SQLException {
        return inDoubt.undone(session, from, to, since);
    }

    @Override
    public boolean isDone(Session session) throws SQLException {
        boolean none = TimeLimit.within(session, Sweeps.LOOK, () -> noneEligible(session))
                .orElse(false);
        end = none ? Leftovers.End.NOTHING_LEFT : Leftovers.End.UNKNOWN;
        return none;
    }

    /** Not in a table that took the name of the planned one, either: the look holds the name it found. */
    private boolean noneEligible(Session session) throws SQLException {
        boolean none = rows.list(session, 1).length == 0;
        Relation.verified(session, removal.eligible());
        return none;
    }

    @Override
    public Totals finish(Session session) throws SQLException {
        if (deletion.hasGivenUp()) {
            context.warn(
                    "CIRCLE_TOO_LARGE",
                    "Rows of " + removal.eligible().table() + " refer to one another in circles of more than "
                            + ClosedSets.MOST + " references; too many to delete in one statement, they stay.",
                    Map.of("table", removal.eligible().table().toString()));
        }
        Totals left = leftovers.count(session, end);
        leaving.finish();
        return left;
    }
}
