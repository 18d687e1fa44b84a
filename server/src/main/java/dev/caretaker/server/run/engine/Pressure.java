package dev.caretaker.server.run.engine;

import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What the working session does to others, as seen from beside it.
 *
 * @param sample number of the look, from 1; 0 if there was none yet
 * @param lockWaiters sessions that wait for a lock it holds, or behind one it waits for
 * @param lagBytes bytes the slowest standby is behind; 0 if there is none
 * @param lagUnreadable whether there are standbys whose lag the role may not see
 * @param unflushedBytes bytes of log that the slowest standby has not yet on its disk; 0 if there is none. Unlike the lag it
 *     does not count what a standby has but is told to apply later
 * @param exclusiveWait whether it waits for an ACCESS EXCLUSIVE lock
 * @param holders sessions that hold a lock it waits for, for people to read; empty if it waits for none
 * @param others what sessions of others do
 */
record Pressure(
        long sample,
        int lockWaiters,
        long lagBytes,
        boolean lagUnreadable,
        long unflushedBytes,
        boolean exclusiveWait,
        String holders,
        Others others) {
    static final Pressure NONE = new Pressure(0, 0, 0, false, 0, false, "", Others.NONE);

    /**
     * Sessions of clients that are not Caretaker's.
     *
     * @param logWaiters those that wait for the write-ahead log
     * @param active those that did something within the last half second, or do it now
     * @param justNow those that did something within the last tenth of a second, or do it now
     * @param hidden whether the role may not see what others do; then all figures are 0
     */
    record Others(int logWaiters, int active, int justNow, boolean hidden) {
        static final Others NONE = new Others(0, 0, 0, false);
    }

    /**
     * Looks once.
     *
     * @param pids our backends
     */
    static Pressure read(Connection connection, Object[] pids, long sample) throws SQLException {
        return Sql.resource("run/pressure", connection.createArrayOf("int4", pids))
                .often()
                .one(
                        connection,
                        row -> new Pressure(
                                sample,
                                row.getInt("lock_waiters"),
                                row.getLong("lag_bytes"),
                                row.getBoolean("lag_unreadable"),
                                row.getLong("unflushed_bytes"),
                                row.getBoolean("exclusive_wait"),
                                row.getString("holders"),
                                new Others(
                                        row.getInt("log_waiters"),
                                        row.getInt("others_active"),
                                        row.getInt("others_just_now"),
                                        row.getBoolean("activity_hidden"))));
    }
}
