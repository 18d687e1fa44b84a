package dev.caretaker.server.cleanup.plan.kept;

/**
 * Where rows are kept that a step deletes.
 *
 * @param place for people
 * @param created whether it does not exist yet and the run makes it
 * @param rows that arrive, for a roll-up those that are merged into it
 * @param bytes of them without indexes, before compression, an estimate; 0 for a roll-up
 */
public record PlannedArchive(String place, Kind kind, boolean created, long rows, long bytes) {

    /** What keeps them. */
    public enum Kind {
        TABLE,
        ROLL_UP,
        /** Files at a destination. */
        STORE
    }
}
