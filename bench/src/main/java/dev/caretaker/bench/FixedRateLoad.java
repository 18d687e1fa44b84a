package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A small application that works at a fixed rate on a few connections, whatever else goes on at the server. The time of an
 * operation counts from when it was due, so that one that holds up others counts for them, too.
 */
abstract class FixedRateLoad implements AutoCloseable {
    static final int CONNECTIONS = 4;

    private final int rate;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Future<List<Double>>> clients = new ArrayList<>();
    private volatile boolean counted;
    private volatile boolean stopped;

    /** @param rate operations a second, of all connections together */
    FixedRateLoad(int rate) {
        this.rate = rate;
    }

    /** What one connection does again and again. Its statements end with the connection. */
    @FunctionalInterface
    interface Client {
        void operate(Random random) throws SQLException;
    }

    abstract Connection connect() throws SQLException;

    abstract Client client(Connection connection) throws SQLException;

    final void begin() {
        for (int client = 0; client < CONNECTIONS; client++) {
            int seed = client;
            clients.add(threads.submit(() -> work(seed)));
        }
    }

    /** From now on, or no longer, the times of operations count. */
    final void count(boolean counts) {
        counted = counts;
    }

    /** Stops it, and tells how long the counted operations took. */
    final List<Double> milliseconds() {
        stopped = true;
        List<Double> all = new ArrayList<>();
        for (Future<List<Double>> client : clients) {
            try {
                all.addAll(client.get());
            } catch (ExecutionException e) {
                throw new BenchException("the load failed", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("the load was interrupted", e);
            }
        }
        return all;
    }

    private List<Double> work(int seed) throws SQLException {
        Random random = new Random(seed);
        List<Double> milliseconds = new ArrayList<>();
        try (Connection connection = connect()) {
            Client client = client(connection);
            long period = 1_000_000_000L * CONNECTIONS / rate;
            for (long due = System.nanoTime() + random.nextLong(period); !stopped; due += period) {
                for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                boolean counts = counted;
                client.operate(random);
                if (counts && counted) {
                    milliseconds.add((System.nanoTime() - due) / 1e6);
                }
            }
        }
        return milliseconds;
    }

    @Override
    public final void close() {
        stopped = true;
        threads.shutdown();
    }
}
