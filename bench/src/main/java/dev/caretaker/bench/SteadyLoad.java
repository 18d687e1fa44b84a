package dev.caretaker.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * A small application: reads and updates single rows by their key at a fixed rate, whatever else goes on. The time of an
 * operation counts from when it was due, so that one that holds up others counts for them, too.
 */
final class SteadyLoad implements AutoCloseable {
    static final int CONNECTIONS = 4;
    private static final long WARM_UP_NANOS = 1_000_000_000;

    private final UpkeepDatabase database;
    private final int rate;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Future<List<Double>>> clients = new ArrayList<>();
    private volatile boolean measured;
    private volatile boolean stopped;

    private SteadyLoad(UpkeepDatabase database, int rate) {
        this.database = database;
        this.rate = rate;
    }

    /** @param rate operations a second, half of them updates */
    static SteadyLoad start(UpkeepDatabase database, int rate) {
        SteadyLoad load = new SteadyLoad(database, rate);
        for (int client = 0; client < CONNECTIONS; client++) {
            load.clients.add(load.threads.submit(load.client(client)));
        }
        return load;
    }

    /** From now on it counts; before, it warms up for a second. */
    void measure() {
        LockSupport.parkNanos(WARM_UP_NANOS);
        measured = true;
    }

    /** Stops it, and tells how long the operations took. */
    List<Double> milliseconds() {
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

    private Callable<List<Double>> client(int seed) {
        return () -> {
            Random random = new Random(seed);
            List<Double> milliseconds = new ArrayList<>();
            try (Connection connection = database.connect()) {
                List<Operations> tables = new ArrayList<>();
                for (String table : database.tables()) {
                    tables.add(new Operations(connection, table));
                }
                long period = 1_000_000_000L * CONNECTIONS / rate;
                for (long due = System.nanoTime(); !stopped; due += period) {
                    for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                        LockSupport.parkNanos(early);
                    }
                    tables.get(random.nextInt(tables.size()))
                            .perform(1 + random.nextLong(database.rows()), random.nextBoolean());
                    if (measured) {
                        milliseconds.add((System.nanoTime() - due) / 1e6);
                    }
                }
            }
            return milliseconds;
        };
    }

    /** Of one table. They end with their connection. */
    private record Operations(PreparedStatement read, PreparedStatement update) {
        Operations(Connection connection, String table) throws SQLException {
            this(
                    connection.prepareStatement("SELECT payload FROM " + table + " WHERE id = ?"),
                    connection.prepareStatement("UPDATE " + table + " SET n = n + 1 WHERE id = ?"));
        }

        void perform(long id, boolean updates) throws SQLException {
            PreparedStatement statement = updates ? update : read;
            statement.setLong(1, id);
            statement.execute();
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdown();
    }
}
