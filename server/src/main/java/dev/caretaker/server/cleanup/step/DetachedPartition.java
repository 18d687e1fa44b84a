package dev.caretaker.server.cleanup.step;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.LockLadder;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The partition that was seen attached at a place: what may be done with it, in the transaction that does it. */
record DetachedPartition(PartitionPlace place) {

    /** Somebody else did something with it: from now on it is theirs. */
    static final class Theirs extends Exception {
        private static final long serialVersionUID = 1L;

        Theirs(String what) {
            super(what, null, false, false);
        }
    }

    /**
     * Locks the table and makes sure that it is the one that was detached.
     *
     * @param dropping whether it is about to be dropped; else it is attached, or was
     * @throws CaretakerException RELATION_CHANGED if it holds rows that a drop must not take with it
     */
    void verify(Session session, boolean dropping) throws SQLException, Theirs {
        requireSame(session);
        Sql.of("LOCK TABLE " + Identifiers.quote(place.partition()) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
        Partition.Now locked = requireSame(session);
        if (!dropping) {
            return;
        }
        if (locked.attached()) {
            throw new Theirs("was attached again");
        }
        if (Partition.holdsRowsOutside(session, place.partition(), place.oid(), place.constraint())
                || Partition.holdsInfinite(session, place.partition(), place.infinite())) {
            throw CaretakerException.of(
                    Reason.RELATION_CHANGED,
                    "Partition " + place.partition()
                            + " stays, detached: somebody wrote rows into it that do not belong"
                            + " to its range after it was detached.",
                    Map.of(
                            "table",
                            place.partition().toString(),
                            "parent",
                            place.parent().toString()));
        }
    }

    /**
     * The same while it is still attached: it is locked, with its parent, and is where it was seen.
     *
     * @param others how many locks come after that of the parent
     */
    void verifyAttached(Session session, LockLadder ladder, int others) throws SQLException, Theirs {
        requireSame(session);
        Sql.of("LOCK TABLE ONLY " + Identifiers.quote(place.parent()) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
        ladder.share(others);
        Sql.of("LOCK TABLE " + Identifiers.quote(place.partition()) + " IN ACCESS EXCLUSIVE MODE")
                .update(session.connection());
        Partition locked = Partition.read(session, place.oid()).orElseThrow(() -> new Theirs("was dropped"));
        boolean same = locked.name().equals(place.partition())
                && locked.parentOid() == place.parentOid()
                && locked.bound().equals(Optional.of(place.bound()));
        if (!same) {
            throw new Theirs("was renamed, detached or attached elsewhere");
        }
        if (Partition.holdsInfinite(session, place.partition(), place.infinite())) {
            throw new Theirs("got a row of -infinity, which is never removed,");
        }
    }

    private Partition.Now requireSame(Session session) throws SQLException, Theirs {
        Partition.Now now = Partition.Now.read(session, place.oid()).orElseThrow(() -> new Theirs("was dropped"));
        if (!now.name().equals(place.partition())) {
            throw new Theirs("was renamed");
        }
        return now;
    }

    /** The check constraint that a concurrent detach has added; its name. */
    static Optional<String> addedCheck(Session session, PartitionPlace place) throws SQLException {
        String before = place.checks().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
        return Sql.resource("cleanup/step/added_checks", Long.toString(place.oid()), place.constraint(), before)
                .first(session.connection(), row -> row.getString("name"));
    }
}
