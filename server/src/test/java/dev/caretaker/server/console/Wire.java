package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Asks for pages as browsers do, compressed, and tells how long they took and how many bytes came. */
final class Wire {
    /** Whether limits are those that are promised, on a machine that does nothing else; else five times as much will do. */
    static final boolean MEASURED = Boolean.getBoolean("caretaker.console.measure");

    private static final int LOOSE = 5;

    private final HttpClient http = HttpClient.newHttpClient();
    private final ConsoleServer server;

    Wire(ConsoleServer server) {
        this.server = server;
    }

    /** What is promised to take so long may take longer where nobody measures. */
    static long limit(long millis) {
        return MEASURED ? millis : millis * LOOSE;
    }

    /** @param bytes as they were sent */
    record Answer(long millis, byte[] bytes) {
        String text() {
            try (GZIPInputStream zipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return new String(zipped.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The same page again and again; the first may have to make ready what the others find. */
    record Answers(String path, Answer first, List<Answer> others) {
        long median() {
            return others.stream().map(Answer::millis).sorted().toList().get(others.size() / 2);
        }

        long slowest() {
            return others.stream().mapToLong(Answer::millis).max().orElseThrow();
        }

        int bytes() {
            return others.getLast().bytes().length;
        }

        @Override
        public String toString() {
            return "%s: the first %d ms, then median %d ms, slowest %d ms; %d bytes"
                    .formatted(path, first.millis(), median(), slowest(), bytes());
        }
    }

    Answer get(String path) {
        long begin = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Accept-Encoding", "gzip")
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            return new Answer((System.nanoTime() - begin) / 1_000_000, answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @param times how often beside the first time, at least once */
    Answers get(String path, int times) {
        Answer first = get(path);
        List<Answer> others = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            others.add(get(path));
        }
        return new Answers(path, first, others);
    }

    URI uri(String path) {
        return URI.create("http://" + server.address() + path);
    }
}
