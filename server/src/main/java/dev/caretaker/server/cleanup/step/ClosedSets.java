package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.cleanup.leave.Leaving;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Deletes rows of a kinship together with all that refer to them, as one plain DELETE of everything eligible would: Postgres
 * checks foreign keys when a statement ends, so a set of rows can go in one statement if no other row refers to it. A set
 * that is too large for one statement goes from its far end: first what refers, later what it refers to.
 *
 * <p>A row stays if a row refers to it, directly or through others, that no policy of the plan removes.
 */
final class ClosedSets {
    /** References followed at once, and about the rows of one statement at most. */
    static final int MOST = 10_000;
    /** Rows from which they are followed. */
    private static final int SEEDS = 2_500;
    /** Steps from a row towards the far end of what refers to it, {@link #MOST} references each. */
    private static final int DEEPEST = 200;
    /** Looks at one set of rows, each of which finds some that stay. More than that, and others keep changing it. */
    private static final int LOOKS = 1_000;

    private final RowRemoval removal;
    private final Referrers referrers;
    private final Cascades cascades;
    private final Suppression suppression;
    /** Rows of the latest slice that stay. */
    private final Set<Row> held = new HashSet<>();

    private boolean unfinished;
    private boolean gaveUp;

    /** @param leavings how rows of each table of the kinship leave */
    ClosedSets(RowRemoval removal, Cascades cascades, Suppression suppression, List<Leaving> leavings) {
        this.removal = removal;
        this.referrers = new Referrers(removal.kinship(), leavings);
        this.cascades = cascades;
        this.suppression = suppression;
    }

    /** Gets ready on this session, outside of a batch. */
    void open(Session session) throws SQLException {
        referrers.open(session);
    }

    /** @throws CaretakerException RELATION_CHANGED if rows that went along may not be kept as they were */
    void requireKept(Session session) throws SQLException {
        referrers.requireKept(session);
    }

    /** Whether rows of the latest slice are left that can go: it is to be taken again. */
    boolean isUnfinished() {
        return unfinished;
    }

    void discard() {
        held.clear();
        unfinished = false;
    }

    /** Deletes what can go of a slice, and of what refers to it; of a large set only a part. */
    Removed remove(Session session, long[] addresses) throws SQLException {
        if (!unfinished) {
            held.clear();
        }
        unfinished = false;
        Removed removed = Removed.NOTHING;
        for (int from = 0; from < addresses.length; from += SEEDS) {
            int to = Math.min(addresses.length, from + SEEDS);
            Removed some = close(session, rows(addresses, from, to), Set.of(), 0);
            removed = removed.plus(some);
            unfinished |= removed.rows() > 0 && to < addresses.length;
            if (unfinished) {
                return removed;
            }
        }
        return removed;
    }

    private Set<Row> rows(long[] addresses, int from, int to) {
        Set<Row> rows = new LinkedHashSet<>();
        Arrays.stream(addresses, from, to)
                .forEach(address -> rows.add(new Row(removal.eligible().oid(), address)));
        return rows;
    }

    /** @param path rows from which the way led here */
    private Removed close(Session session, Set<Row> seeds, Set<Row> path, int depth) throws SQLException {
        Set<Row> left = new LinkedHashSet<>(seeds);
        for (int look = 0; look < LOOKS; look++) {
            left.removeAll(held);
            if (left.isEmpty()) {
                return Removed.NOTHING;
            }
            Reach reach = referrers.of(session, left, MOST);
            Set<Row> staying = reach.held(held);
            if (!staying.isEmpty() && !removal.skipsHeld()) {
                return delete(session, staying); // the server says which key forbids it
            }
            held.addAll(staying);
            if (reach.isComplete()) {
                return delete(session, reach.without(held));
            }
            left.removeAll(held);
            Set<Row> way = new HashSet<>(path);
            way.addAll(left);
            way.addAll(held);
            Set<Row> ends = new LinkedHashSet<>(reach.ends(way, SEEDS));
            if (ends.isEmpty() || depth == DEEPEST) {
                if (staying.isEmpty()) {
                    giveUp(left);
                }
            } else {
                Removed removed = close(session, ends, way, depth + 1);
                if (removed.rows() > 0 || !removed.cascaded().isEmpty()) {
                    unfinished = true;
                    return removed;
                }
            }
        }
        giveUp(left);
        return Removed.NOTHING;
    }

    private void giveUp(Set<Row> rows) {
        if (!removal.skipsHeld()) {
            throw CaretakerException.of(
                    Reason.PINNED_BY_FOREIGN_KEY,
                    "Rows of " + removal.eligible().table() + " refer to one another in circles of more than " + MOST
                            + " references, too many to delete them in one statement.",
                    Map.of("table", removal.eligible().table().toString()));
        }
        held.addAll(rows);
        gaveUp = true;
    }

    /** Whether rows were let alone because they are too many that refer to one another. */
    boolean hasGivenUp() {
        return gaveUp;
    }

    private Removed delete(Session session, Collection<Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            return Removed.NOTHING;
        }
        PlannerSettings.anyJoin(session);
        PlannerSettings.byAddress(session);
        suppression.begin(session);
        Map<Long, Long> before = cascades.before(session);
        Map<Long, Long> gone = referrers.delete(session, rows);
        Sql.of(Leaving.FIRE).update(session.connection());
        guard(session, rows, gone);
        Map<TableName, Long> deleted = new HashMap<>();
        gone.forEach((relation, count) -> deleted.put(referrers.name(relation), count));
        Removed removed = new Removed(
                0, cascades.since(session, before, deleted), referrers.archived(gone, removal.averageRowBytes()));
        for (Map.Entry<Long, Long> entry : gone.entrySet()) {
            removed = removed.plus(
                    referrers.together(entry.getKey(), removal.eligible().oid())
                            ? Removed.ofRows(entry.getValue())
                            : Removed.along(referrers.name(entry.getKey()), entry.getValue()));
        }
        return removed;
    }

    /** A trigger may keep rows of this step's own relation. */
    private void guard(Session session, Collection<Row> rows, Map<Long, Long> gone) throws SQLException {
        long oid = removal.eligible().oid();
        long[] own = rows.stream()
                .filter(row -> row.relation() == oid)
                .mapToLong(Row::address)
                .toArray();
        if (gone.getOrDefault(oid, 0L) < own.length) {
            suppression.requireAll(session, own.length, gone.getOrDefault(oid, 0L));
            suppression.check(session, EligibleRows.among(own));
        }
    }
}
