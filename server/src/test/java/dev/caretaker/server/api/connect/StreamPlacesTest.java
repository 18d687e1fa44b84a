package dev.caretaker.server.api.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamPlacesTest {
    private final StreamPlaces places = new StreamPlaces(2);
    private final CountDownLatch read = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/stream", exchange -> {
            try (exchange) {
                places.within(exchange, () -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('.');
                    exchange.getResponseBody().flush();
                    await();
                });
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        read.countDown();
        server.stop(0);
        threads.close();
    }

    private void await() {
        try {
            read.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void when_all_places_are_taken_a_stream_is_refused_until_another_one_has_ended() throws Exception {
        try (InputStream first = ask().body();
                InputStream second = ask().body()) {
            assertThat(first.read()).isEqualTo('.');
            assertThat(second.read()).isEqualTo('.');

            HttpResponse<InputStream> third = ask();

            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.headers().firstValue("Retry-After")).contains("10");
            assertThat(new String(third.body().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("TOO_MANY_STREAMS", "unavailable");
            read.countDown();
            assertThat(first.read()).isEqualTo(-1);
            assertThat(second.read()).isEqualTo(-1);
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (ask().statusCode() != 200) {
            assertThat(System.nanoTime()).as("time until a place is free").isLessThan(end);
        }
    }

    private HttpResponse<InputStream> ask() throws IOException, InterruptedException {
        String address = server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + address + "/stream"))
                        .build(),
                BodyHandlers.ofInputStream());
    }
}
