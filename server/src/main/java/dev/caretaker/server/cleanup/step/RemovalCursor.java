package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.archive.PartMark;
import java.util.List;
import java.util.Objects;

/**
 * Where a row removal stands.
 *
 * @param phase what it is doing
 * @param sweep 0 in the first pass; then the number of the sweep
 * @param found whether this sweep met an eligible row
 * @param relfilenode of the table when the position was noted: addresses mean nothing in another one
 * @param position how far the pass got
 * @param archived how far archives outside of the database count, one mark each; none if there is none
 */
public record RemovalCursor(
        Phase phase,
        int sweep,
        boolean found,
        long relfilenode,
        Position position,

        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) // as older servers wrote it
        List<PartMark> archived) {

    /** From the guarantee of a cleanup. */
    static final int SWEEPS = 5;

    public RemovalCursor {
        archived = Objects.requireNonNullElse(archived, List.of());
    }

    /** What a row removal is doing. */
    public enum Phase {
        /** The step's own walk over the table. */
        PASS,
        /** Removing by a list of addresses: rows that moved out of the way of the pass, or, in ROW_LIST, all of them. */
        SWEEP,
        /** Rows were found in every sweep: one plain DELETE, bounded in time. */
        LAST_DELETE
    }

    static RemovalCursor start(long relfilenode) {
        return new RemovalCursor(Phase.PASS, 0, false, relfilenode, Position.START, List.of());
    }

    /** At the start, with a list of all that is eligible. */
    static RemovalCursor list(long relfilenode) {
        return start(relfilenode).in(Phase.SWEEP, 0);
    }

    RemovalCursor at(Position next, boolean foundNow) {
        return new RemovalCursor(phase, sweep, found || foundNow, relfilenode, next, archived);
    }

    /** The next look at the whole table, or the last resort if there were enough. */
    RemovalCursor nextSweep() {
        return sweep < SWEEPS ? in(Phase.SWEEP, sweep + 1) : in(Phase.LAST_DELETE, sweep);
    }

    /** This sweep as another walk, because the table is too large to be listed in one go. */
    RemovalCursor asPass() {
        return in(Phase.PASS, sweep);
    }

    /**
     * Taken up by somebody who has no list. A first list is in heap order, so a pass can go on where it stood; what is listed
     * anew later is another sweep, so that sweeps stay bounded.
     */
    RemovalCursor withoutList() {
        if (phase != Phase.SWEEP || position.equals(Position.START)) {
            return this;
        }
        return sweep == 0 ? new RemovalCursor(Phase.PASS, 0, found, relfilenode, position, archived) : nextSweep();
    }

    /** What a pass or a sweep is called where people see it. */
    String phaseName() {
        return sweep == 0 ? "first pass" : "sweep " + sweep;
    }

    RemovalCursor inRewritten(long current, Position restart) {
        return new RemovalCursor(phase, sweep, found, current, restart, archived);
    }

    RemovalCursor archivedTo(List<PartMark> marks) {
        return new RemovalCursor(phase, sweep, found, relfilenode, position, marks);
    }

    private RemovalCursor in(Phase other, int number) {
        return new RemovalCursor(other, number, false, relfilenode, Position.START, archived);
    }
}
