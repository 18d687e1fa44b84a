package dev.caretaker.server.backup;

import dev.caretaker.server.target.PostgresErrors;
import java.sql.SQLException;

/**
 * Something of a backup that could not be made.
 *
 * @param sentence what, and what the server said
 */
public record Unmade(String sentence, Why why) {

    /** What was in the way. */
    public enum Why {
        /** The login may not make it, or not run what it runs. */
        REFUSED,
        /** The same, of what no comparison is about: owners, grants, rows of tables that belong to extensions. */
        REFUSED_APART,
        /** Rows of it refer to rows that are not there. */
        REFERENCE,
        /** Rows are against it in another way. */
        ROWS,
        /** Something else, such as another object that is not there. */
        OTHER;

        /** By the state that the server gave. */
        public static Why of(SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (PostgresErrors.isRefusal(e)) {
                return REFUSED;
            }
            if (state.equals(PostgresErrors.FOREIGN_KEY_VIOLATION)) {
                return REFERENCE;
            }
            return state.startsWith("22") || state.startsWith("23") ? ROWS : OTHER;
        }
    }

    /**
     * Whether it may lack because something else does, so that it tells nothing against the backup.
     *
     * @param allLoaded whether all rows were loaded: where some are not, foreign keys to them cannot hold
     */
    boolean isExcused(boolean allLoaded) {
        return why != Why.ROWS && (why != Why.REFERENCE || !allLoaded);
    }
}
