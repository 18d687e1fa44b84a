package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.archive.PartMark;
import dev.caretaker.server.cleanup.leave.Family;
import dev.caretaker.server.cleanup.leave.Leaving;
import dev.caretaker.server.cleanup.leave.Leavings;
import dev.caretaker.server.run.Batch;
import dev.caretaker.server.run.BatchSizing;
import dev.caretaker.server.run.BatchStep;
import dev.caretaker.server.run.StepContext;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deletes rows in place. First a pass with the step's own walk. Rows may move (UPDATE) out of its way meanwhile; so
 * then come sweeps, which list what is eligible in a fresh snapshot and delete by that list, until one lists nothing. After
 * {@value #SWEEPS} of them one plain DELETE is tried for a short while, and what is left is counted as residual.
 *
 * <p>A look at the table after its pass is spared where the pass itself went by such a list, and where {@link Stillness} shows
 * that nobody wrote meanwhile.
 */
final class RemovalStep implements BatchStep<RemovalCursor> {
    /** From the guarantee of a cleanup. */
    private static final int SWEEPS = 5;
    /** Rows of one list; some megabytes of memory while the driver reads them. */
    private static final long LIST = 200_000;
    /** Longest look at a whole table; a larger table is gone over by the walk again. */
    private static final Duration LOOK = Duration.ofSeconds(30);
    /** Longest plain DELETE at the end: it holds its row locks that long. */
    private static final Duration LAST_DELETE = Duration.ofSeconds(5);

    private static final long[] NOTHING = {};

    private final RowRemoval removal;
    private final StepContext context;
    private final RestoredGuard restored;
    private final TableWalk walk;
    private final Leaving leaving;
    private final Deletion deletion;
    private final Cascades cascades;
    private final EligibleRows rows;
    private final Leftovers leftovers;
    private final Stillness stillness = new Stillness();
    /** As it was when the latest transaction first worked on it. */
    private Relation relation;

    private AddressList list = AddressList.NONE;
    /** Addresses of the batch after the one that is being worked. */
    private volatile long[] upcoming = NOTHING;
    /** Whether a row of the list was not there any more: it may have moved. */
    private boolean escaped;

    private Leftovers.End end = Leftovers.End.UNKNOWN;
    /** Whether triggers or foreign keys fire for each row: what that costs, the first batches tell. */
    private boolean fires;
    /** Whether the step itself moves no row of the table: then {@link Stillness} proves what it is meant to. */
    private boolean provesStillness;

    RemovalStep(
            RowRemoval removal, StepContext context, TableWalk.Maker walks, Leavings leavings, RestoredGuard restored) {
        this.restored = restored;
        this.removal = removal;
        this.context = context;
        this.rows = new EligibleRows(removal.eligible());
        this.cascades = new Cascades(removal);
        List<Leaving> children = children(leavings);
        Leaving own = leavings.of(removal.keeper(), removal.eligible().oid(), context);
        this.leaving = children.isEmpty() ? own : new Family(own, children);
        this.deletion = new Deletion(removal, rows, cascades, leaving, together(leavings), children);
        this.walk = walks.make(removal, rows, deletion);
        this.leftovers = new Leftovers(removal.unheld(), context);
    }

    private List<Leaving> children(Leavings leavings) {
        return removal.children().stream()
                .map(child -> leavings.of(
                        child.keeper(), child.oid(), removal.eligible().oid(), context))
                .toList();
    }

    /** How rows of each table of the kinship leave. */
    private List<Leaving> together(Leavings leavings) {
        List<Leaving> all = new ArrayList<>();
        for (Kinship.Table table : removal.kinship().tables()) {
            boolean own = table.parts().stream()
                    .anyMatch(part -> part.oid() == removal.eligible().oid());
            long any = table.parts().isEmpty() ? 0 : table.parts().getFirst().oid();
            all.add(own ? leaving : leavings.of(any == 0 ? Optional.empty() : table.keeper(), any, context));
        }
        return all;
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
    public RemovalCursor prepare(Session session, Optional<RemovalCursor> stored) throws SQLException {
        restored.require(context, removal.cutoff());
        relation = Relation.asPlanned(session, removal);
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
        provesStillness = removal.touchesNothingElse() || reachesOthersByKeysOnly() && !cascades.comeBack(session);
        walk.open(session);
        forgetList();
        stillness.end();
        leaving.resume(stored.map(RemovalCursor::archived).orElse(List.of()));
        return stored.map(cursor -> inThisFile(cursor.withoutList(SWEEPS), relation))
                .orElseGet(() -> walk.start(relation.relfilenode()));
    }

    @Override
    public Batch<RemovalCursor> next(Session session, RemovalCursor from, long size) throws SQLException {
        joinCheaply(session);
        leaving.begin(session, from.archived(), false);
        Batch<RemovalCursor> batch = kept(work(session, from, size));
        deletion.requireKept(session);
        return verified(session, batch);
    }

    /** What left the database is durable before the batch is journalled, and the cursor says how far it counts. */
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
        boolean locked = relation.xid().isPresent();
        if (locked) {
            return inThisFile(batch, relation);
        }
        deletion.requireKept(session);
        return verified(session, batch);
    }

    private Batch<RemovalCursor> work(Session session, RemovalCursor from, long size) throws SQLException {
        return switch (from.phase()) {
            case PASS -> pass(session, from, size);
            case SWEEP -> listed(from) ? sweep(session, from, size) : look(session, from);
            case LAST_DELETE -> lastDelete(session, from);
        };
    }

    private Batch<RemovalCursor> verified(Session session, Batch<RemovalCursor> batch) throws SQLException {
        relation = verified(session, batch.next());
        stillness.batch(relation.xid());
        return inThisFile(batch, relation);
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
    public void lookAhead(Session idle, long size) throws SQLException {
        joinCheaply(idle);
        long[] listed = upcoming;
        if (listed.length == 0) {
            walk.lookAhead(idle, size);
        } else {
            rows.read(idle, listed);
        }
    }

    private void joinCheaply(Session session) throws SQLException {
        if (!removal.eligible().pinnedBy().isEmpty()) {
            PlannerSettings.withoutMergeJoins(session);
        }
    }

    /** A file that was rewritten may hold other columns: then nothing may have changed that the plan depends on. */
    private Relation verified(Session session, RemovalCursor at) throws SQLException {
        Relation relation = Relation.verified(session, removal.eligible());
        return relation.relfilenode() == at.relfilenode() ? relation : Relation.asPlanned(session, removal);
    }

    private Batch<RemovalCursor> pass(Session session, RemovalCursor from, long size) throws SQLException {
        if (from.sweep() == 0 && from.position().equals(Position.START) && provesStillness) {
            stillness.begin(session);
        }
        Slice slice = walk.take(session, from.position(), size);
        if (deletion.isUnfinished()) {
            walk.discard();
            RemovalCursor again = from.at(from.position(), true);
            return new Batch<>(again, false, totals(slice.removed()), slice.fill(), -1, phase(from));
        }
        RemovalCursor at = from.at(slice.next(), slice.removed().rows() > 0);
        boolean still = slice.end() && stillness.lasted(session);
        boolean last = still || slice.end() && at.sweep() > 0 && !at.found();
        end = still ? Leftovers.End.NOTHING_LEFT : Leftovers.End.UNKNOWN;
        RemovalCursor next = slice.end() && !last ? at.nextSweep(SWEEPS) : at;
        return new Batch<>(next, last, totals(slice.removed()), slice.fill(), slice.fraction(), phase(at));
    }

    /**
     * Lists what is eligible in one snapshot, for the batches that follow. Mostly nothing is: that is counted first, since a
     * count may use every index and worker the server has, and a list that is cut off may not.
     */
    private Batch<RemovalCursor> look(Session session, RemovalCursor from) throws SQLException {
        Optional<long[]> found = TimeLimit.within(
                session, LOOK, () -> from.sweep() > 0 && rows.count(session) == 0 ? NOTHING : rows.list(session, LIST));
        boolean tooMany = from.sweep() == 0 && found.isPresent() && found.get().length == LIST;
        if (found.isEmpty() || tooMany) {
            return searched(from.asPass());
        }
        list = AddressList.of(found.get(), LIST);
        escaped = false;
        return list.isEmpty() ? nothingLeft(from) : searched(from.at(Position.START, false));
    }

    private static Batch<RemovalCursor> searched(RemovalCursor next) {
        return new Batch<>(next, false, Totals.NONE, -1, -1, phase(next));
    }

    private Batch<RemovalCursor> nothingLeft(RemovalCursor from) {
        end = Leftovers.End.NOTHING_LEFT;
        return new Batch<>(from.at(Position.START, false), true, Totals.NONE, 1, -1, phase(from));
    }

    /** Whether the list has rows for this position, whatever became of the batches that took some of them. */
    private boolean listed(RemovalCursor from) {
        list.goOnBehind(from.position().after().map(RowAddress::parse).orElse(-1L));
        return !list.isEmpty();
    }

    /**
     * Once all rows of a complete list are deleted nothing is left to look for: whatever was eligible when the step began and
     * was not on the list was gone already. Rows that were held back may have been set free meanwhile.
     */
    private Batch<RemovalCursor> sweep(Session session, RemovalCursor from, long size) throws SQLException {
        long[] addresses = list.take(size);
        upcoming = list.peek(size);
        Removed removed = deletion.at(session, addresses);
        if (deletion.isUnfinished()) {
            return new Batch<>(from.at(from.position(), true), false, totals(removed), 1, -1, phase(from));
        }
        escaped |= removed.rows() < addresses.length
                || !removal.eligible().pinnedBy().isEmpty();
        boolean found = removal.kinship().isNone() || removed.rows() > 0;
        RemovalCursor next = from.at(Position.afterRow(addresses[addresses.length - 1]), found);
        boolean onlyHeld = from.sweep() > 0 && !next.found();
        boolean last = list.isEmpty() && list.isComplete() && (!escaped || onlyHeld);
        double done = list.done();
        if (list.isEmpty() && !last) {
            next = list.isComplete() ? from.nextSweep(SWEEPS) : from.at(Position.START, true);
            list = AddressList.NONE;
        }
        end = last ? Leftovers.End.NOTHING_LEFT : Leftovers.End.UNKNOWN;
        double fill = (double) addresses.length / size;
        return new Batch<>(next, last, totals(removed), fill, done, phase(from));
    }

    private static String phase(RemovalCursor cursor) {
        return cursor.sweep() == 0 ? "first pass" : "sweep " + cursor.sweep();
    }

    private Batch<RemovalCursor> lastDelete(Session session, RemovalCursor from) throws SQLException {
        if (!removal.kinship().isNone() || !removal.children().isEmpty()) {
            // A plain DELETE would fail for the rows that are held, and keep no children.
            end = Leftovers.End.UNKNOWN;
            return new Batch<>(from, true, Totals.NONE, 1, -1, "last look");
        }
        Optional<Removed> removed = TimeLimit.within(session, LAST_DELETE, () -> deletion.everything(session));
        if (removed.isEmpty()) {
            leaving.undo();
        }
        end = removed.isPresent() ? Leftovers.End.UNKNOWN : Leftovers.End.SOME_LEFT;
        return new Batch<>(from, true, totals(removed.orElse(Removed.NOTHING)), 1, -1, "last delete");
    }

    private Totals totals(Removed removed) {
        Totals rows = Totals.ofRows(removed.rows(), removed.cascaded(), removed.rows() * removal.averageRowBytes());
        return removed.archived().isEmpty() ? rows : rows.plus(Totals.ofArchived(removed.archived()));
    }

    /** A rewritten table (VACUUM FULL, CLUSTER) moved every row: what was said by address starts over. */
    private Batch<RemovalCursor> inThisFile(Batch<RemovalCursor> batch, Relation relation) {
        RemovalCursor next = inThisFile(batch.next(), relation);
        if (next.equals(batch.next())) {
            return batch;
        }
        return new Batch<>(next, false, batch.done(), batch.fill(), -1, batch.phase());
    }

    private RemovalCursor inThisFile(RemovalCursor cursor, Relation relation) {
        if (cursor.relfilenode() == relation.relfilenode()) {
            return cursor;
        }
        forgetList();
        return cursor.inRewritten(relation.relfilenode(), walk.afterRewrite(cursor.position()));
    }

    private void forgetList() {
        list = AddressList.NONE;
        upcoming = NOTHING;
    }

    @Override
    public void discard() {
        end = Leftovers.End.UNKNOWN;
        upcoming = NOTHING;
        stillness.end();
        walk.discard();
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
        return count(session, within(from, to));
    }

    @Override
    public boolean undone(Session session, RemovalCursor from, RemovalCursor to, String since) throws SQLException {
        boolean takesAll = from.phase() == RemovalCursor.Phase.PASS
                && walk.takesAll()
                && removal.kinship().isNone()
                && removal.eligible().pinnedBy().isEmpty();
        return takesAll && count(session, within(from, to).then(" AND ", olderThan(since))) > 0;
    }

    /** Row versions whose writer had ended before. Ids of rows have no epoch, their ages have; a frozen one is old. */
    private static SqlFragment olderThan(String xid) {
        return SqlFragment.of(
                "pg_catalog.age(t.xmin) OPERATOR(pg_catalog.>)"
                        + " pg_catalog.age(CAST(CAST(? AS pg_catalog.xid8) AS pg_catalog.xid))",
                xid);
    }

    private long count(Session session, SqlFragment where) throws SQLException {
        return new EligibleRows(removal.unheld())
                .selectEligible("count(*)", where)
                .statement()
                .one(session.connection(), row -> row.getLong(1));
    }

    private SqlFragment within(RemovalCursor from, RemovalCursor to) {
        boolean samePass = from.phase() == to.phase() && from.sweep() == to.sweep();
        Optional<Position> end = samePass ? Optional.of(to.position()) : Optional.empty();
        return switch (from.phase()) {
            case PASS -> walk.between(from.position(), end);
            case SWEEP -> HeapBlocks.between(from.position(), end);
            case LAST_DELETE -> SqlFragment.of("TRUE");
        };
    }

    @Override
    public boolean isDone(Session session) throws SQLException {
        boolean none =
                TimeLimit.within(session, LOOK, () -> noneEligible(session)).orElse(false);
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
