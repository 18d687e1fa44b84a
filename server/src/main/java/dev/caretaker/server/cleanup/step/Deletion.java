package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Leaving;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals.Archived;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Deletes the eligible rows of a part of the table, exactly counted, within the open transaction. */
final class Deletion {
    /** A referencing row may appear while the batch runs; a fresh snapshot sees it and lets its row alone. */
    private static final int ATTEMPTS = 5;

    private final RowRemoval removal;
    private final EligibleRows rows;
    private final Leaving leaving;
    private final Cascades cascades;
    private final Suppression suppression;
    private final DeleteErrors errors;
    private final Optional<ClosedSets> closedSets;
    private final Optional<KeptChildren> children;
    private FiringTriggers triggers = FiringTriggers.NONE;
    private Optional<SqlFragment> latest = Optional.empty();
    private volatile long since;

    /**
     * @param leaving how rows of the step's own table leave
     * @param together the same of every table of its kinship
     * @param children the same of every child that is kept
     */
    Deletion(
            RowRemoval removal,
            EligibleRows rows,
            Cascades cascades,
            Leaving leaving,
            List<Leaving> together,
            List<Leaving> children) {
        this.removal = removal;
        this.rows = rows;
        this.leaving = leaving;
        this.cascades = cascades;
        this.suppression = new Suppression(removal.eligible(), rows);
        this.errors = new DeleteErrors(removal.eligible().table());
        this.closedSets = removal.kinship().isNone()
                ? Optional.empty()
                : Optional.of(new ClosedSets(removal, cascades, suppression, together));
        if (closedSets.isPresent() && !children.isEmpty()) {
            throw CaretakerException.of(
                    Reason.POLICY_DOES_NOT_FIT,
                    "Rows that go together in a circle cannot have their children archived.",
                    Map.of());
        }
        this.children = children.isEmpty() ? Optional.empty() : Optional.of(new KeptChildren(removal, children));
    }

    /** Gets ready on this session, outside of a batch. */
    void open(Session session) throws SQLException {
        if (closedSets.isPresent()) {
            closedSets.get().open(session);
        } else {
            leaving.open(session);
        }
        if (!removal.touchesNothingElse()) {
            List<TableName> reached = new ArrayList<>(removal.reached());
            removal.byRoot().map(ByRoot::table).ifPresent(reached::add);
            triggers = FiringTriggers.read(session, removal.eligible().table(), reached);
            errors.firing(triggers);
        }
    }

    /** Whether triggers of users fire here, or where foreign keys reach. As of {@link #open}. */
    boolean runsCodeOfUsers() {
        return !triggers.all().isEmpty();
    }

    /** All eligible rows that satisfy the condition. */
    Removed where(Session session, SqlFragment condition) throws SQLException {
        if (closedSets.isPresent()) {
            return closed(session, EligibleRows.addresses(session, rows.selectEligible("t.ctid", condition)));
        }
        if (children.isPresent()) {
            return withChildren(session, condition);
        }
        return removal.guardAgainstSuppression()
                ? guarded(session, condition, -1)
                : sized(session, rows.delete(condition));
    }

    /** The rows at these addresses, as far as they are still eligible. */
    Removed at(Session session, long[] addresses) throws SQLException {
        if (closedSets.isPresent()) {
            return closed(session, addresses);
        }
        PlannerSettings.byAddress(session);
        SqlFragment among = EligibleRows.among(addresses);
        if (children.isPresent()) {
            return withChildren(session, among);
        }
        return guarded(session, among, addresses.length);
    }

    /** The rows are locked before anything of them is kept: what is deleted at the end is what children were looked for. */
    private Removed withChildren(Session session, SqlFragment condition) throws SQLException {
        long[] locked = EligibleRows.addresses(
                session, rows.selectEligible("t.ctid", condition).then(" ", SqlFragment.of("FOR UPDATE OF t")));
        if (locked.length == 0) {
            return Removed.NOTHING;
        }
        return sized(() -> {
            cascades.before(session); // so that what children did themselves does not count as cascaded
            Removed kept = children.orElseThrow().keep(session, locked);
            PlannerSettings.byAddress(session);
            Removed removed = guarded(session, EligibleRows.among(locked), locked.length);
            requireWhole(locked.length, removed);
            return kept.plus(removed);
        });
    }

    /** Else children would be gone whose parents stay, or some that nobody has kept. */
    private void requireWhole(int wanted, Removed removed) {
        TableName table = removal.eligible().table();
        if (removed.rows() != wanted) {
            throw CaretakerException.of(
                    Reason.DELETE_SUPPRESSED,
                    (wanted - removed.rows()) + " rows of " + table
                            + " were changed by triggers when rows that refer to"
                            + " them were deleted, so that their children cannot be archived with them.",
                    Map.of("table", table.toString()));
        }
        Set<TableName> keepers =
                removal.children().stream().map(KeptChild::table).collect(Collectors.toSet());
        removed.cascaded().stream()
                .filter(cascaded -> keepers.contains(cascaded.table()))
                .findFirst()
                .ifPresent(cascaded -> {
                    throw CaretakerException.of(
                            Reason.RELATION_CHANGED,
                            cascaded.rows() + " rows of " + cascaded.table() + " went or changed with rows of " + table
                                    + " by a way that the plan does not know, so that nothing keeps them.",
                            Map.of("table", cascaded.table().toString()));
                });
    }

    /**
     * Makes sure that no trigger keeps rows.
     *
     * @param expected rows that ought to go, if nobody else takes some; negative if not known
     */
    private Removed guarded(Session session, SqlFragment condition, int expected) throws SQLException {
        if (!removal.guardAgainstSuppression()) {
            Removed removed = sized(session, rows.delete(condition));
            if (removed.rows() < expected) {
                suppression.check(session, condition);
            }
            return removed;
        }
        suppression.begin(session);
        Removed removed = sized(session, rows.delete(condition));
        if (removed.rows() != expected && suppression.rewroteRows(session)) {
            suppression.undo(session);
            leaving.undo();
            long matching = rows.countEligible(session, condition);
            removed = sized(session, rows.delete(condition));
            suppression.requireAll(session, matching, removed.rows());
        }
        if (removed.rows() != expected) {
            suppression.check(session, condition);
        }
        return removed;
    }

    /** Every eligible row there is. */
    Removed everything(Session session) throws SQLException {
        return statement(session, rows.deleteAll());
    }

    /** The latest DELETE, if there was one. */
    Stream<SqlFragment> latest() {
        return latest.stream();
    }

    /** Whether rows are left of what the latest call was asked for that can go: it is to be called again. */
    boolean isUnfinished() {
        return closedSets.map(ClosedSets::isUnfinished).orElse(false);
    }

    /** Whether rows were let alone because they are too many that refer to one another. */
    boolean hasGivenUp() {
        return closedSets.map(ClosedSets::hasGivenUp).orElse(false);
    }

    /** The last batch was rolled back. */
    void discard() {
        closedSets.ifPresent(ClosedSets::discard);
    }

    private Removed closed(Session session, long[] addresses) throws SQLException {
        ClosedSets sets = closedSets.orElseThrow();
        return sized(() -> patiently(session, true, () -> sets.remove(session, addresses)));
    }

    /** Since when (System.nanoTime) rows are deleted whose number was asked for; 0 if none are. From any thread. */
    long since() {
        return since;
    }

    private Removed sized(Session session, SqlFragment delete) throws SQLException {
        return sized(() -> statement(session, delete));
    }

    private Removed sized(TimeLimit.Work<Removed> work) throws SQLException {
        since = System.nanoTime();
        try {
            return work.run();
        } finally {
            since = 0;
        }
    }

    private Removed statement(Session session, SqlFragment delete) throws SQLException {
        latest = Optional.of(delete);
        boolean retryable = !removal.eligible().pinnedBy().isEmpty();
        return patiently(session, retryable, () -> execute(session, delete));
    }

    private Removed patiently(Session session, boolean retryable, TimeLimit.Work<Removed> work) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            if (retryable) {
                Sql.of("SAVEPOINT caretaker_delete").update(session.connection());
            }
            try {
                return work.run();
            } catch (SQLException e) {
                if (!retryable || attempt == ATTEMPTS || !DeleteErrors.isKeyViolation(e)) {
                    throw errors.explained(e);
                }
                Sql.of("ROLLBACK TO SAVEPOINT caretaker_delete").update(session.connection());
                leaving.undo();
                discard();
            }
        }
    }

    private Removed execute(Session session, SqlFragment delete) throws SQLException {
        Map<Long, Long> before = cascades.before(session);
        long deleted = leaving.delete(session, delete);
        Map<TableName, Long> own = Map.of(removal.eligible().table(), deleted);
        return new Removed(deleted, cascades.since(session, before, own), kept(deleted));
    }

    private List<Archived> kept(long deleted) {
        return deleted == 0 ? List.of() : leaving.archived(deleted, removal.averageRowBytes());
    }

    /**
     * Called in a batch's transaction when its rows are deleted.
     *
     * @throws dev.caretaker.server.error.CaretakerException RELATION_CHANGED if some may not be kept as they were
     */
    void requireKept(Session session) throws SQLException {
        if (closedSets.isPresent()) {
            closedSets.get().requireKept(session);
        } else {
            leaving.requireUnchanged(session);
        }
    }
}
