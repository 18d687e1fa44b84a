package dev.caretaker.server.backup;

import dev.caretaker.server.target.PostgresErrors;
import java.sql.SQLException;
import java.util.Set;

/**
 * Something of a backup that could not be made.
 *
 * @param sentence what, and what the server said
 * @param key by which it is known what lacks without it, see {@link Absence}; empty if a comparison is not about it
 */
public record Unmade(String sentence, Why why, String key) {
    /** Their key. */
    public static final String LARGE_OBJECTS = "large objects";

    /** Of an object that is there already: schema, table, type, function, and others. */
    private static final Set<String> THERE = Set.of("42P06", "42P07", "42710", "42723");

    /** Lock not available, system error, error of a disk, data corrupted, index corrupted. */
    private static final Set<String> ENDS =
            Set.of(PostgresErrors.LOCK_NOT_AVAILABLE, "58000", "58030", "XX001", "XX002");
    /** Classes: transaction rolled back, insufficient resources, operator intervention. */
    private static final Set<String> ENDING = Set.of("40", "53", "57");

    /** What was in the way. */
    public enum Why {
        /** The login may not make it, or not run what it runs. */
        REFUSED,
        /** The same, of what no comparison is about: owners, grants, rows of tables that belong to extensions. */
        REFUSED_APART,
        /** It is there already, of what may only have been said to lack: whether it is what it is to be a comparison tells. */
        THERE,
        /** Something of which it is not known whether it is the backup's fault, such as a failure within the server (XX000). */
        UNDECIDED,
        /** Rows of it refer to rows that are not there. */
        REFERENCE,
        /** Rows are against it in another way, or a function of the backup is, whatever it says of that. */
        ROWS,
        /** Something else, such as another object that is not there. */
        OTHER;

        /** By what the server itself found: what a function raises may have any state. */
        public static Why of(SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (PostgresErrors.isRaised(e)) {
                return ROWS;
            }
            if (PostgresErrors.isRefusal(e)) {
                return REFUSED;
            }
            if (state.equals(PostgresErrors.FOREIGN_KEY_VIOLATION)) {
                return REFERENCE;
            }
            if (state.startsWith("XX")) {
                return UNDECIDED;
            }
            return state.startsWith("22") || state.startsWith("23") ? ROWS : OTHER;
        }
    }

    /** Whether it is about all that large objects hold. */
    boolean isOfLargeObjects() {
        return key.equals(LARGE_OBJECTS);
    }

    /** Whether it says that there is such an object already. */
    public static boolean isThere(SQLException e) {
        return THERE.contains(String.valueOf(e.getSQLState())) && !PostgresErrors.isRaised(e);
    }

    /**
     * Whether it is about no object: no connection, the end of the run or of the server (class 57), no disk or memory left (class 53), an
     * error of a disk, a file of the server that is corrupted, a lock that was not had, a deadlock. A file that is not there (58P01) is one
     * of the library of an extension.
     */
    public static boolean endsAll(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return !PostgresErrors.isRaised(e)
                && (PostgresErrors.isConnectionLoss(e)
                        || ENDS.contains(state)
                        || ENDING.stream().anyMatch(state::startsWith));
    }

    /**
     * Whether it may lack because something else does, so that it tells nothing against the backup.
     *
     * @param allLoaded whether all rows were loaded: where some are not, foreign keys to them cannot hold
     */
    boolean isExcused(boolean allLoaded) {
        return why != Why.ROWS && why != Why.UNDECIDED && (why != Why.REFERENCE || !allLoaded);
    }
}
