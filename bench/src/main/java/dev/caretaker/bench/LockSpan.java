package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;

/** Looks every two milliseconds whether a table is locked exclusively, and remembers the longest time without a break. */
final class LockSpan implements AutoCloseable {
    private static final long INTERVAL_NANOS = 2_000_000;

    private final PartitionTables tables;
    private final long oid;
    private final Thread thread;
    private volatile long longest;
    private volatile boolean stopped;
    private volatile SQLException failure;

    LockSpan(PartitionTables tables, long oid) {
        this.tables = tables;
        this.oid = oid;
        this.thread = Thread.ofPlatform().name("locks").start(this::watch);
    }

    private void watch() {
        try (Connection connection = tables.connect();
                PreparedStatement look = connection.prepareStatement("SELECT EXISTS (SELECT FROM pg_locks"
                        + " WHERE locktype = 'relation' AND relation = ?::bigint::oid AND mode = 'AccessExclusiveLock'"
                        + " AND granted)")) {
            look.setLong(1, oid);
            long since = 0;
            while (!stopped) {
                long now = System.nanoTime();
                boolean locked;
                try (var row = look.executeQuery()) {
                    row.next();
                    locked = row.getBoolean(1);
                }
                if (!locked) {
                    since = 0;
                } else if (since == 0) {
                    since = now;
                }
                longest = Math.max(longest, locked ? System.nanoTime() - since : 0);
                LockSupport.parkNanos(INTERVAL_NANOS);
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    /** In milliseconds. */
    double longestMillis() {
        if (failure != null) {
            throw new BenchException("locks cannot be looked at", failure);
        }
        return longest / 1e6;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
