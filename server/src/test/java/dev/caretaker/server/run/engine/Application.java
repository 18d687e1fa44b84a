package dev.caretaker.server.run.engine;

import dev.caretaker.server.testing.TestPostgres.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Somebody else at the server: small transactions, some hundred a second, until it is closed. */
final class Application implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(3);

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean closed;

    private Application() {}

    static Application start(Database database) {
        database.execute("CREATE TABLE IF NOT EXISTS accounts (n bigint)", "INSERT INTO accounts VALUES (0)");
        Application application = new Application();
        CompletableFuture<Void> working = new CompletableFuture<>();
        Thread.ofVirtual().name("application").start(() -> application.work(database, working));
        working.join();
        return application;
    }

    private void work(Database database, CompletableFuture<Void> working) {
        try (Connection connection = database.connect();
                PreparedStatement update = connection.prepareStatement("UPDATE accounts SET n = n + 1")) {
            while (!closed) {
                update.execute();
                working.complete(null);
                Waits.sleep(PAUSE);
            }
            ended.complete(null);
        } catch (SQLException | RuntimeException e) {
            working.completeExceptionally(e);
            ended.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        ended.join();
    }
}
