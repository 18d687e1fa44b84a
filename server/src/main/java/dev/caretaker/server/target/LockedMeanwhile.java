package dev.caretaker.server.target;

import java.sql.SQLException;

/**
 * Asks again what looks first at who holds which lock and then measures the other relations: somebody may lock one in between. It
 * sees so when asked again. Each time may wait for the session's lock_timeout.
 */
public final class LockedMeanwhile {
    private static final int ATTEMPTS = 5;

    private LockedMeanwhile() {}

    /** A statement and the reading of its rows. */
    @FunctionalInterface
    public interface Question<T> {
        T ask() throws SQLException;
    }

    /** Its answer, by the fifth attempt at the latest. */
    public static <T> T again(Question<T> question) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask();
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !PostgresErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }
}
