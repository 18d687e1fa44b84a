package dev.caretaker.server.store.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.config.ControlStoreConfig;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A server waits for its control store while that takes no connections yet, and for nothing else. */
class ArrivalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static CompletableFuture<Void> arrival(String url, String user) {
        ControlStoreConfig store = new ControlStoreConfig(url, Credentials.of(user, user));
        return CompletableFuture.runAsync(
                () -> Arrival.await(store, "here"), task -> Thread.ofVirtual().start(task));
    }

    @Test
    void a_store_whose_connections_are_all_taken_is_waited_for() {
        Database store = TestPostgres.newest().database();
        String user = "full_" + store.name();
        store.execute(
                "CREATE ROLE " + user + " LOGIN PASSWORD '" + user + "'",
                "ALTER DATABASE " + store.name() + " CONNECTION LIMIT 0");

        CompletableFuture<Void> arrival = arrival(store.url(), user);

        await().during(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> !arrival.isDone());
        store.execute("ALTER DATABASE " + store.name() + " CONNECTION LIMIT -1");
        assertThat(arrival).succeedsWithin(PATIENCE);
    }

    @Test
    void a_store_that_starts_up_is_waited_for_and_any_other_answer_is_left_to_the_pool() throws IOException {
        try (ServerSocket store = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> arrival = arrival(
                    "jdbc:postgresql://localhost:" + store.getLocalPort() + "/any?sslmode=disable&gssEncMode=disable",
                    "any");
            for (String answer : List.of("57P03", "57P03", "28000")) {
                assertThat(arrival).isNotDone();
                refuse(store, answer);
            }
            assertThat(arrival).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void nobody_is_waited_for_where_nobody_answers() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        assertThat(arrival("jdbc:postgresql://localhost:" + port + "/any", "any"))
                .succeedsWithin(PATIENCE);
    }

    /** Answers the next login with an error, as PostgreSQL does. */
    private static void refuse(ServerSocket store, String sqlState) throws IOException {
        try (Socket client = store.accept();
                DataInputStream in = new DataInputStream(client.getInputStream());
                OutputStream out = client.getOutputStream()) {
            in.readNBytes(in.readInt() - Integer.BYTES);
            byte[] fields = ("SFATAL\0VFATAL\0C" + sqlState + "\0Mnot now\0\0").getBytes(StandardCharsets.US_ASCII);
            ByteBuffer error = ByteBuffer.allocate(1 + Integer.BYTES + fields.length);
            out.write(error.put((byte) 'E')
                    .putInt(Integer.BYTES + fields.length)
                    .put(fields)
                    .array());
            out.flush();
        }
    }
}
