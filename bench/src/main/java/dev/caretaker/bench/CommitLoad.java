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
import java.util.concurrent.locks.LockSupport;

/**
 * A small application in a database of its own: transactions of one UPDATE and one INSERT at a fixed rate, whatever else goes on
 * at the server. The time of one counts from when it was due, so that one that holds up others counts for them, too.
 */
final class CommitLoad implements AutoCloseable {
    static final int CONNECTIONS = 4;
    private static final int ACCOUNTS = 100_000;

    private final BenchDatabase database;
    private final int rate;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    private final List<Future<List<Double>>> clients = new ArrayList<>();
    private volatile boolean counted;
    private volatile boolean stopped;

    private CommitLoad(BenchDatabase database, int rate) {
        this.database = database;
        this.rate = rate;
    }

    /** Tables of the application; made once. */
    static void prepare(BenchDatabase database) {
        database.createApplication(
                "CREATE TABLE accounts (id int PRIMARY KEY, n bigint NOT NULL)",
                "INSERT INTO accounts SELECT i, 0 FROM generate_series(1, " + ACCOUNTS + ") i",
                "CREATE TABLE movements (account int, amount int, at timestamptz DEFAULT now())",
                "VACUUM ANALYZE");
    }

    /** @param rate transactions a second */
    static CommitLoad start(BenchDatabase database, int rate) {
        CommitLoad load = new CommitLoad(database, rate);
        for (int client = 0; client < CONNECTIONS; client++) {
            int seed = client;
            load.clients.add(load.threads.submit(() -> load.work(seed)));
        }
        return load;
    }

    /** From now on, or no longer, the times of transactions count. */
    void count(boolean counts) {
        counted = counts;
    }

    /** Stops it, and tells how long the counted transactions took. */
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

    private List<Double> work(int seed) throws SQLException {
        Random random = new Random(seed);
        List<Double> milliseconds = new ArrayList<>();
        try (Connection connection = database.connectApplication();
                PreparedStatement update = connection.prepareStatement("UPDATE accounts SET n = n + 1 WHERE id = ?");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO movements (account, amount) VALUES (?, 1)")) {
            connection.setAutoCommit(false);
            long period = 1_000_000_000L * CONNECTIONS / rate;
            for (long due = System.nanoTime() + random.nextLong(period); !stopped; due += period) {
                for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                boolean counts = counted;
                int account = 1 + random.nextInt(ACCOUNTS);
                update.setInt(1, account);
                update.execute();
                insert.setInt(1, account);
                insert.execute();
                connection.commit();
                if (counts && counted) {
                    milliseconds.add((System.nanoTime() - due) / 1e6);
                }
            }
        }
        return milliseconds;
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdown();
    }
}
