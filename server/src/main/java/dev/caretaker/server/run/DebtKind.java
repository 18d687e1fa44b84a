package dev.caretaker.server.run;

import dev.caretaker.server.target.Session;
import java.sql.SQLException;
import java.time.Duration;

/**
 * How one kind of debt is settled after its run has ended. One bean of this type is all that a new kind needs; finding out when
 * the target is back, the fence, the run's window, trying again and telling come with the engine.
 *
 * @param <D> details: a record that survives a round trip through JSON
 */
public interface DebtKind<D extends Record> {

    /** Stable name, in kebab case: it is stored with every debt. */
    String name();

    /** Class of the details, for reading them back from the control store. */
    Class<D> detailType();

    /**
     * Whether settling it takes locks that exclude readers, or waits for those who read: then it is put off while a backup has a lock on
     * what fences it.
     */
    default boolean excludesReaders() {
        return false;
    }

    /**
     * Removes what must not stay, as far as that can be done now. The catalog decides: what is gone, renamed, replaced or used
     * by somebody else is left alone and counts as {@link Settled}. It touches nothing that is not named in the details by what
     * cannot be mistaken (oid and name). Repeatable: it may have been broken off anywhere before, and may be called
     * when nothing was ever made.
     *
     * @param session in autocommit, with the target's lock timeout; it holds the debt's fence, and backends of the run that
     *     were still at work are gone
     * @param longest time it may take as a whole
     * @throws SQLException what keeps it from being settled; it is tried again later. A lost connection means that the target
     *     is away
     */
    Settlement settle(Session session, D debt, Duration longest) throws SQLException;

    /** What came of an attempt. */
    sealed interface Settlement {}

    /**
     * Nothing of it is there any more.
     *
     * @param how one sentence: what was done or found
     */
    record Settled(String how) implements Settlement {}

    /**
     * It is still there; tried again later.
     *
     * @param why one sentence: what keeps it, and what a person can do
     */
    record StillOpen(String why) implements Settlement {}
}
