package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/** Inserts a row after the other, each in a transaction of its own, and remembers the longest that one took. */
final class SteadyWriter implements AutoCloseable {
    private final PartitionTables tables;
    private final String table;
    private final Thread thread;
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private volatile boolean stopped;
    private volatile SQLException failure;

    SteadyWriter(PartitionTables tables, String table) {
        this.tables = tables;
        this.table = table;
        this.thread = Thread.ofPlatform().name("writer").start(this::write);
    }

    private void write() {
        try (Connection connection = tables.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO " + table + " VALUES (?, now(), 1, 1, 'written meanwhile')")) {
            for (long id = 1; !stopped; id++) {
                insert.setLong(1, 1_000_000_000_000L + id);
                long begin = System.nanoTime();
                insert.executeUpdate();
                longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
                written.incrementAndGet();
            }
        } catch (SQLException e) {
            failure = e;
        }
    }

    long written() {
        return written.get();
    }

    /** Longest transaction since this was last asked, in milliseconds. */
    double longestMillis() {
        if (failure != null) {
            throw new BenchException("the writer was refused", failure);
        }
        return longest.getAndSet(0) / 1e6;
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
