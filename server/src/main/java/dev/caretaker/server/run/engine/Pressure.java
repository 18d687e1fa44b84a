package dev.caretaker.server.run.engine;

/**
 * What the working session does to others, as seen from beside it.
 *
 * @param sample number of the look, from 1; 0 if there was none yet
 * @param lockWaiters sessions that wait for a lock it holds, or behind one it waits for
 * @param lagBytes bytes the slowest standby is behind; 0 if there is none
 * @param lagUnreadable whether there are standbys whose lag the role may not see
 * @param exclusiveWait whether it waits for an ACCESS EXCLUSIVE lock
 * @param logWaiters sessions of others that wait for the write-ahead log
 * @param othersActive sessions of others that did something within the last half second, or do it now
 * @param activityHidden whether the role may not see what other sessions do
 * @param holders sessions that hold a lock it waits for, for people to read; empty if it waits for none
 */
record Pressure(
        long sample,
        int lockWaiters,
        long lagBytes,
        boolean lagUnreadable,
        boolean exclusiveWait,
        int logWaiters,
        int othersActive,
        boolean activityHidden,
        String holders) {
    static final Pressure NONE = new Pressure(0, 0, 0, false, false, 0, 0, false, "");
}
