package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that writes at a fixed rate, half inserts, half updates of single rows, and keeps count of what was confirmed.
 * The time of a write counts from when it was due, so that one that holds up others counts for them, too.
 */
final class LedgerLoad implements AutoCloseable {
    private static final int CONNECTIONS = 4;

    private final PartitionTables tables;
    private final long rows;
    private final long period;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Future<Void>> clients = new ArrayList<>();
    private final AtomicLong inserted = new AtomicLong();
    private final AtomicLong updated = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private List<Double> latencies = new ArrayList<>();
    private volatile boolean stopped;

    /** @param rate writes a second */
    LedgerLoad(PartitionTables tables, long rows, int rate) {
        this.tables = tables;
        this.rows = rows;
        this.period = 1_000_000_000L * CONNECTIONS / rate;
        for (int client = 0; client < CONNECTIONS; client++) {
            int seed = client;
            clients.add(threads.submit(() -> write(seed)));
        }
    }

    /** Forgets the times so far. */
    void measure() {
        milliseconds();
    }

    /** Times since this was last asked. */
    synchronized List<Double> milliseconds() {
        List<Double> measured = latencies;
        latencies = new ArrayList<>();
        return measured;
    }

    private synchronized void took(double millis) {
        latencies.add(millis);
    }

    /** Rows whose insert was confirmed. */
    long inserted() {
        return inserted.get();
    }

    /** Updates of a row that were confirmed. */
    long updated() {
        return updated.get();
    }

    /** Statements that failed. */
    long refused() {
        return refused.get();
    }

    private Void write(int seed) throws SQLException {
        Random random = new Random(seed);
        try (Connection connection = tables.connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO jobs (at, owner, body) VALUES (now(), 1 + ? % 100, 'written meanwhile')");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE jobs SET changes = changes + 1 WHERE id = ?")) {
            for (long due = System.nanoTime(); !stopped; due += period) {
                for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                try {
                    perform(random, insert, update);
                } catch (SQLException e) {
                    refused.incrementAndGet();
                }
                took((System.nanoTime() - due) / 1e6);
            }
        }
        return null;
    }

    private void perform(Random random, PreparedStatement insert, PreparedStatement update) throws SQLException {
        if (random.nextBoolean()) {
            insert.setInt(1, random.nextInt(100));
            inserted.addAndGet(insert.executeUpdate());
        } else {
            update.setLong(1, 1 + random.nextLong(rows));
            updated.addAndGet(update.executeUpdate());
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            for (Future<Void> client : clients) {
                client.get();
            }
        } catch (ExecutionException e) {
            throw new BenchException("the writer failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
    }
}
